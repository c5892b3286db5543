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

/** Finds maps by sums of products of what two models made of the same examples. */
record ProductsFit(Map<ModelReference, Model> models, FitStatistics statistics) {
  /**
   * The map.
   *
   * @throws IllegalArgumentException if the statistics do not tell it, in words for a user
   */
  Carrying.Fitted fitted(Fit rule) {
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
    return new Carrying.Fitted(map, Optional.empty(), bias, words);
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
