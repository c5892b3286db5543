package dev.stockpot.merge.compose;

import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.methods.widths.WidthPrograms;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Gathered;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.RowMap;
import dev.stockpot.merge.model.Solved;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.ComposeRule.Fit;
import dev.stockpot.merge.recipe.ModelReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds maps by the rows that two embeddings have of the tokens that they share. */
final class SharedRowsFit {
  private static final Pattern EMBEDDING =
      Pattern.compile(
          "(.*\\.)?(embed_tokens|wte|word_embeddings|word_embedding|embed_in|tok_embeddings|tokens_embed)\\.weight");

  private final Map<ModelReference, Model> models;
  private final TokenRows tokens;

  SharedRowsFit(Map<ModelReference, Model> models, TokenRows tokens) {
    this.models = models;
    this.tokens = tokens;
  }

  Carrying.Fitted fitted(Fit rule) {
    ModelReference to = rule.to().orElseThrow();
    TensorSource a = embedding(models.get(rule.from()), rule.from());
    TensorSource b = embedding(models.get(to), to);
    int[] rows = tokens.of(rule.from(), to);
    RowMap.Builder ofA = new RowMap.Builder();
    RowMap.Builder ofB = new RowMap.Builder();
    int shared = 0;
    for (int id = 0; id < rows.length; id++) {
      if (rows[id] >= 0
          && id < a.shape().dimensions().get(0)
          && rows[id] < b.shape().dimensions().get(0)) {
        ofA.add(0, id);
        ofB.add(0, rows[id]);
        shared++;
      }
    }
    long from = a.shape().dimensions().get(1);
    long width = b.shape().dimensions().get(1);
    if (shared < from && rule.ridge() == 0) {
      throw new IllegalArgumentException(
          "%s and %s share %s tokens, too few for a width of %s; give a `ridge`, or use fit: crossgram"
              .formatted(rule.from(), to, shared, from));
    }
    if (shared == 0) {
      throw new IllegalArgumentException("%s and %s share no token".formatted(rule.from(), to));
    }
    TensorSource rowsOfA = new Gathered(List.of(a), ofA.build(), 0);
    TensorSource rowsOfB = new Gathered(List.of(b), ofB.build(), 0);
    String words =
        "%s of %s shared tokens of %s and %s"
            .formatted(rule.kind().word(), shared, rule.from(), to);
    long count = shared;
    Solved map =
        new Solved(
            rule.as(),
            Shape.of(width, from),
            DType.F32,
            List.of(rowsOfA, rowsOfB),
            program(rule, shared, from, width),
            "%s, ridge %s%s"
                .formatted(words, rule.ridge(), rule.bias().isPresent() ? ", centred" : ""));
    Optional<TensorSource> explained =
        rule.explained()
            .map(
                name ->
                    new Solved(
                        name,
                        Shape.of(1),
                        DType.F32,
                        List.of(rowsOfA, rowsOfB, map),
                        WidthPrograms.explained(count, from, width, rule.bias().isPresent()),
                        "explained variance"));
    Optional<TensorSource> bias =
        rule.bias()
            .map(
                name ->
                    new Solved(
                        name,
                        Shape.of(width),
                        DType.F32,
                        List.of(rowsOfA, rowsOfB, map),
                        WidthPrograms.shift(count, from, width),
                        "what centred rows lack"));
    return new Carrying.Fitted(map, explained, bias, words);
  }

  private static MatrixProgram program(Fit rule, int shared, long from, long to) {
    if (rule.kind() == Fit.Kind.PROCRUSTES && from != to) {
      throw new IllegalArgumentException(
          "an orthogonal map needs equal widths, and they are %s and %s; use fit: least_squares"
              .formatted(from, to));
    }
    return rule.kind() == Fit.Kind.PROCRUSTES
        ? WidthPrograms.procrustes(shared, from, rule.bias().isPresent())
        : WidthPrograms.leastSquares(shared, from, to, rule.ridge(), rule.bias().isPresent());
  }

  /**
   * The embedding of a model.
   *
   * @param name what it is called
   * @throws IllegalArgumentException if none is called so, or several
   */
  static TensorSource embedding(Model model, ModelReference name) {
    List<String> names =
        model.tensors().keySet().stream()
            .filter(tensor -> EMBEDDING.matcher(tensor).matches())
            .toList();
    if (names.size() != 1) {
      throw new IllegalArgumentException(
          "%s has %s tensors that are called as an embedding of tokens is, must be one"
              .formatted(name, names.size()));
    }
    TensorSource found = model.tensors().get(names.get(0));
    if (found.shape().dimensions().size() != 2 || !found.dtype().isReadable()) {
      throw new IllegalArgumentException(
          "%s of %s is %s %s, no matrix of numbers"
              .formatted(names.get(0), name, found.dtype(), found.shape()));
    }
    return found;
  }
}
