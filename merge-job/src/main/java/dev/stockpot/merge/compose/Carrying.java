package dev.stockpot.merge.compose;

import dev.stockpot.kernels.methods.widths.CrossSums;
import dev.stockpot.kernels.methods.widths.WidthPrograms;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.Solved;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.ComposeRule.Fit;
import dev.stockpot.merge.recipe.ModelReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds maps between the widths of models, and carries matrices through them. */
final class Carrying {
  private final Map<ModelReference, Model> models;
  private final TokenRows tokens;
  private final FitStatistics statistics;

  Carrying(Map<ModelReference, Model> models, TokenRows tokens, FitStatistics statistics) {
    this.models = models;
    this.tokens = tokens;
    this.statistics = statistics;
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

  /** The bias of a layer whose matrix reads what another map gives, which adds something. */
  static TensorSource shifted(
      String name, TensorSource weight, TensorSource added, Optional<TensorSource> bias) {
    requireMatrices(weight, added.reshaped(Shape.of(added.shape().elements(), 1)), 1, 0);
    long rows = weight.shape().dimensions().get(0);
    List<TensorSource> inputs = new ArrayList<>(List.of(weight, added));
    bias.ifPresent(inputs::add);
    if (bias.filter(any -> any.shape().elements() != rows).isPresent()) {
      throw new IllegalArgumentException(
          "a bias of %s belongs to no %s".formatted(bias.get().shape(), weight.shape()));
    }
    return new Solved(
        name,
        Shape.of(rows),
        bias.orElse(weight).storedType(),
        inputs,
        WidthPrograms.mappedShift(rows, added.shape().elements(), bias.isPresent()),
        "a bias and what a map adds");
  }

  /** A map, the share that it explains and what it adds, where these are asked for. */
  record Fitted(
      TensorSource map,
      Optional<TensorSource> explained,
      Optional<TensorSource> bias,
      String words) {}

  /**
   * The map that a rule asks for.
   *
   * @throws IllegalArgumentException if there is none, in words for a user
   */
  Fitted fitted(Fit rule) {
    return rule.kind() == Fit.Kind.CROSSGRAM
        ? ofProducts(rule)
        : new SharedRowsFit(models, tokens).fitted(rule);
  }

  private Fitted ofProducts(Fit rule) {
    TensorSource gram = named(rule.grams().orElse(rule.from()), rule.gram());
    TensorSource cross = named(rule.from(), rule.crossgram());
    List<Long> sizes = cross.shape().dimensions();
    if (sizes.size() != 2 || !gram.shape().equals(Shape.of(sizes.get(0), sizes.get(0)))) {
      throw new IllegalArgumentException(
          "%s is %s and %s is %s; XᵀX must be square, and as high as XᵀY"
              .formatted(rule.gram(), gram.shape(), rule.crossgram(), cross.shape()));
    }
    long from = sizes.get(0);
    long to = sizes.get(1);
    double scale = ProductSums.scale(rule, statistics);
    String words = "least squares by %s of %s".formatted(rule.crossgram(), rule.from());
    List<TensorSource> inputs = new ArrayList<>(List.of(gram, cross));
    Optional<CrossSums> beside = beside(rule, inputs, from, to);
    Solved map =
        new Solved(
            rule.as(),
            Shape.of(to, from),
            DType.F32,
            inputs,
            beside
                .map(sums -> WidthPrograms.ofProducts(from, to, rule.ridge(), scale, sums))
                .orElseGet(() -> WidthPrograms.ofProducts(from, to, rule.ridge(), scale)),
            "%s, ridge %s, scale %s%s"
                .formatted(words, rule.ridge(), scale, beside.map(any -> ", " + any).orElse("")));
    Optional<TensorSource> bias =
        rule.bias()
            .map(
                name ->
                    new Solved(
                        name,
                        Shape.of(to),
                        DType.F32,
                        List.of(inputs.get(2), inputs.get(3), map),
                        WidthPrograms.shiftOfSums(from, to, beside.orElseThrow().samples()),
                        "what centred products lack"));
    return new Fitted(map, Optional.empty(), bias, words);
  }

  /** Sums of x and y, and squares of y, which become further inputs where they are looked at. */
  private Optional<CrossSums> beside(Fit rule, List<TensorSource> inputs, long from, long to) {
    if (rule.bias().isEmpty() && rule.target().isEmpty()) {
      return Optional.empty();
    }
    inputs.add(sum(rule, ".sum_a", from));
    inputs.add(sum(rule, ".sum_b", to));
    rule.target()
        .ifPresent(
            name -> {
              TensorSource squares = named(rule.targets().orElse(rule.from()), name);
              if (!List.of(Shape.of(to, to), Shape.of(to)).contains(squares.shape())) {
                throw new IllegalArgumentException(
                    "%s is %s; YᵀY must be [%s, %s], or its diagonal"
                        .formatted(name, squares.shape(), to, to));
              }
              inputs.add(squares);
            });
    return Optional.of(ProductSums.beside(rule, statistics));
  }

  private TensorSource sum(Fit rule, String end, long length) {
    String name = ProductSums.module(rule.crossgram()) + end;
    TensorSource found = named(rule.from(), name);
    if (!found.shape().equals(Shape.of(length))) {
      throw new IllegalArgumentException(
          "%s is %s, must be [%s]".formatted(name, found.shape(), length));
    }
    return found;
  }

  private TensorSource named(ModelReference model, String name) {
    TensorSource found = models.get(model).tensors().get(name);
    if (found == null) {
      throw new IllegalArgumentException("%s has no tensor %s".formatted(model, name));
    }
    return found;
  }
}
