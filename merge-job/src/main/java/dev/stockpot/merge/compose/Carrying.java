package dev.stockpot.merge.compose;

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
        ? new ProductsFit(models, statistics).fitted(rule)
        : new SharedRowsFit(models, tokens).fitted(rule);
  }
}
