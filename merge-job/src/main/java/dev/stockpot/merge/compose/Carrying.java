package dev.stockpot.merge.compose;

import dev.stockpot.kernels.methods.widths.WidthPrograms;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.Solved;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.ComposeRule.Fit;
import dev.stockpot.merge.recipe.ModelReference;
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

  /** A map, and the share that it explains where that is asked for. */
  record Fitted(TensorSource map, Optional<TensorSource> explained, String words) {}

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
    double scale = ProductSums.scale(rule, statistics);
    String words = "least squares by %s of %s".formatted(rule.crossgram(), rule.from());
    Solved map =
        new Solved(
            rule.as(),
            Shape.of(sizes.get(1), sizes.get(0)),
            DType.F32,
            List.of(gram, cross),
            WidthPrograms.ofProducts(sizes.get(0), sizes.get(1), rule.ridge(), scale),
            "%s, ridge %s, scale %s".formatted(words, rule.ridge(), scale));
    return new Fitted(map, Optional.empty(), words);
  }

  private TensorSource named(ModelReference model, String name) {
    TensorSource found = models.get(model).tensors().get(name);
    if (found == null) {
      throw new IllegalArgumentException("%s has no tensor %s".formatted(model, name));
    }
    return found;
  }
}
