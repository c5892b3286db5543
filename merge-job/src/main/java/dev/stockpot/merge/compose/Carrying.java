package dev.stockpot.merge.compose;

import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.methods.widths.WidthPrograms;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Gathered;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.RowMap;
import dev.stockpot.merge.model.RowMean;
import dev.stockpot.merge.model.Solved;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.Carry;
import dev.stockpot.merge.recipe.ComposeRule.Fit;
import dev.stockpot.merge.recipe.ModelReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Carries tensors to the width, or to the vocabulary, of another model. */
final class Carrying {
  private static final Pattern EMBEDDING =
      Pattern.compile(
          "(.*\\.)?(embed_tokens|wte|word_embeddings|word_embedding|embed_in|tok_embeddings|tokens_embed)\\.weight");

  private final Map<ModelReference, Model> models;
  private final TokenRows tokens;

  Carrying(Map<ModelReference, Model> models, TokenRows tokens) {
    this.models = models;
    this.tokens = tokens;
  }

  /** A matrix that reads what another map gives: {@code tensor map}. */
  static TensorSource through(String name, TensorSource tensor, TensorSource map) {
    requireMatrices(tensor, map, 1, 0);
    return product(name, tensor, map, tensor.storedType());
  }

  /** A matrix, or a vector, whose result goes through another map: {@code map tensor}. */
  static TensorSource onto(String name, TensorSource tensor, TensorSource map) {
    boolean isVector = tensor.shape().dimensions().size() == 1;
    TensorSource matrix =
        isVector ? tensor.reshaped(Shape.of(tensor.shape().elements(), 1)) : tensor;
    requireMatrices(map, matrix, 1, 0);
    TensorSource product = product(name, map, matrix, tensor.storedType());
    return isVector ? product.reshaped(Shape.of(product.shape().elements())) : product;
  }

  private static void requireMatrices(TensorSource a, TensorSource b, int ofA, int ofB) {
    boolean fit =
        a.shape().dimensions().size() == 2
            && b.shape().dimensions().size() == 2
            && a.shape().dimensions().get(ofA).equals(b.shape().dimensions().get(ofB));
    if (!fit) {
      throw new IllegalArgumentException(
          "%s and %s cannot be multiplied".formatted(a.shape(), b.shape()));
    }
  }

  private static Solved product(String name, TensorSource a, TensorSource b, DType type) {
    long rows = a.shape().dimensions().get(0);
    long inner = a.shape().dimensions().get(1);
    long columns = b.shape().dimensions().get(1);
    return new Solved(
        name,
        Shape.of(rows, columns),
        type,
        List.of(a, b),
        WidthPrograms.product(rows, inner, columns),
        "a product");
  }

  /** A map, and the share that it explains where that is asked for. */
  record Fitted(TensorSource map, Optional<TensorSource> explained, String words) {}

  /**
   * The map that a rule asks for.
   *
   * @throws IllegalArgumentException if there is none, in words for a user
   */
  Fitted fitted(Fit rule) {
    return rule.kind() == Fit.Kind.CROSSGRAM ? ofProducts(rule) : ofEmbeddings(rule);
  }

  private Fitted ofProducts(Fit rule) {
    TensorSource gram = named(rule.from(), rule.gram());
    TensorSource cross = named(rule.from(), rule.crossgram());
    List<Long> sizes = cross.shape().dimensions();
    if (sizes.size() != 2
        || !gram.shape().equals(Shape.of(sizes.get(0), sizes.get(0)))) {
      throw new IllegalArgumentException(
          "%s is %s and %s is %s; XᵀX must be square, and as high as XᵀY"
              .formatted(rule.gram(), gram.shape(), rule.crossgram(), cross.shape()));
    }
    String words = "least squares by %s of %s".formatted(rule.crossgram(), rule.from());
    Solved map =
        new Solved(
            rule.as(),
            Shape.of(sizes.get(1), sizes.get(0)),
            DType.F32,
            List.of(gram, cross),
            WidthPrograms.ofProducts(sizes.get(0), sizes.get(1), rule.ridge()),
            "%s, ridge %s".formatted(words, rule.ridge()));
    return new Fitted(map, Optional.empty(), words);
  }

  private TensorSource named(ModelReference model, String name) {
    TensorSource found = models.get(model).tensors().get(name);
    if (found == null) {
      throw new IllegalArgumentException("%s has no tensor %s".formatted(model, name));
    }
    return found;
  }

  private Fitted ofEmbeddings(Fit rule) {
    ModelReference to = rule.to().orElseThrow();
    TensorSource a = embedding(rule.from());
    TensorSource b = embedding(to);
    int[] rows = tokens.of(rule.from(), to);
    RowMap.Builder ofA = new RowMap.Builder();
    RowMap.Builder ofB = new RowMap.Builder();
    int shared = 0;
    for (int id = 0; id < rows.length; id++) {
      if (rows[id] >= 0 && id < a.shape().dimensions().get(0) && rows[id] < b.shape().dimensions().get(0)) {
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
      throw new IllegalArgumentException(
          "%s and %s share no token".formatted(rule.from(), to));
    }
    TensorSource rowsOfA = new Gathered(List.of(a), ofA.build(), 0);
    TensorSource rowsOfB = new Gathered(List.of(b), ofB.build(), 0);
    String words =
        "%s of %s shared tokens of %s and %s".formatted(rule.kind().word(), shared, rule.from(), to);
    long count = shared;
    Solved map =
        new Solved(
            rule.as(),
            Shape.of(width, from),
            DType.F32,
            List.of(rowsOfA, rowsOfB),
            program(rule, shared, from, width),
            "%s, ridge %s".formatted(words, rule.ridge()));
    Optional<TensorSource> explained =
        rule.explained()
            .map(
                name ->
                    new Solved(
                        name,
                        Shape.of(1),
                        DType.F32,
                        List.of(rowsOfA, rowsOfB, map),
                        WidthPrograms.explained(count, from, width),
                        "explained variance"));
    return new Fitted(map, explained, words);
  }

  private static MatrixProgram program(Fit rule, int shared, long from, long to) {
    if (rule.kind() == Fit.Kind.PROCRUSTES && from != to) {
      throw new IllegalArgumentException(
          "an orthogonal map needs equal widths, and they are %s and %s; use fit: least_squares"
              .formatted(from, to));
    }
    return rule.kind() == Fit.Kind.PROCRUSTES
        ? WidthPrograms.procrustes(shared, from)
        : WidthPrograms.leastSquares(shared, from, to, rule.ridge());
  }

  private TensorSource embedding(ModelReference model) {
    List<String> names =
        models.get(model).tensors().keySet().stream()
            .filter(name -> EMBEDDING.matcher(name).matches())
            .toList();
    if (names.size() != 1) {
      throw new IllegalArgumentException(
          "%s has %s tensors that are called as an embedding of tokens is, must be one"
              .formatted(model, names.size()));
    }
    TensorSource found = models.get(model).tensors().get(names.get(0));
    if (found.shape().dimensions().size() != 2 || !found.dtype().isReadable()) {
      throw new IllegalArgumentException(
          "%s of %s is %s %s, no matrix of numbers"
              .formatted(names.get(0), model, found.dtype(), found.shape()));
    }
    return found;
  }

  /**
   * A tensor with a row for each token of another model: its own rows where it knows the token.
   *
   * @param name of the tensor
   */
  TensorSource transplanted(String name, TensorSource ours, ModelReference model, Carry.Tokens wanted) {
    Model donor = models.get(wanted.of());
    TensorSource theirs =
        donor.tensors().containsKey(name) ? donor.tensors().get(name) : embedding(wanted.of());
    if (ours.shape().dimensions().size() != 2 || theirs.shape().dimensions().size() != 2) {
      throw new IllegalArgumentException(
          "%s and %s are no matrices with a row for each token"
              .formatted(ours.shape(), theirs.shape()));
    }
    int[] rows = tokens.of(wanted.of(), model);
    RowMap.Builder there = new RowMap.Builder();
    RowMap.Builder here = new RowMap.Builder();
    RowMap.Builder lacking = new RowMap.Builder();
    RowMap.Builder all = new RowMap.Builder();
    int shared = 0;
    int missing = 0;
    for (int id = 0; id < rows.length; id++) {
      if (id >= theirs.shape().dimensions().get(0)) {
        throw new IllegalArgumentException(
            "%s has %s rows, and its tokenizer %s tokens"
                .formatted(wanted.of(), theirs.shape().dimensions().get(0), rows.length));
      }
      if (rows[id] >= 0 && rows[id] < ours.shape().dimensions().get(0)) {
        there.add(0, id);
        here.add(0, rows[id]);
        all.add(0, rows[id]);
        shared++;
      } else {
        lacking.add(0, id);
        all.add(1, wanted.method() == Carry.Method.MEAN ? 0 : missing);
        missing++;
      }
    }
    if (missing == 0) {
      return new Gathered(List.of(ours), all.build(), 0);
    }
    if (shared < wanted.most()) {
      throw new IllegalArgumentException(
          "%s and %s share %s tokens, fewer than `k: %s`"
              .formatted(model, wanted.of(), shared, wanted.most()));
    }
    TensorSource anchors = new Gathered(List.of(ours), here.build(), 0);
    if (wanted.method() == Carry.Method.MEAN) {
      return new Gathered(List.of(ours, new RowMean((Gathered) anchors)), all.build(), 0);
    }
    long from = theirs.shape().dimensions().get(1);
    long width = ours.shape().dimensions().get(1);
    MatrixProgram program =
        wanted.method() == Carry.Method.OMP
            ? WidthPrograms.matchingPursuit(missing, shared, from, width, wanted.most())
            : WidthPrograms.neighbours(missing, shared, from, width, wanted.most());
    Solved made =
        new Solved(
            "rows of %s for tokens of %s".formatted(name, wanted.of()),
            Shape.of(missing, width),
            DType.F32,
            List.of(
                new Gathered(List.of(theirs), lacking.build(), 0),
                new Gathered(List.of(theirs), there.build(), 0),
                anchors),
            program,
            "%s of %s".formatted(wanted.method().word(), wanted.most()));
    return new Gathered(List.of(ours, made), all.build(), 0);
  }
}
