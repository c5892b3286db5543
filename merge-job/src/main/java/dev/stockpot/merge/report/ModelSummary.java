package dev.stockpot.merge.report;

import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.kernels.observe.Figures.Magnitudes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** One model in several tensors: their elements taken as one long vector. */
final class ModelSummary {
  private double square;
  private double baseSquare;
  private double resultSquare;
  private double product;
  private double distanceSquare;
  private long dropped;
  private long kept;
  private boolean hasBase;
  private boolean hasResult;
  private Optional<Magnitudes> magnitudes = Optional.empty();

  /** The model in those of the tensors that it is merged in. */
  static ModelSummary of(String model, List<ReportTensor> tensors) {
    ModelSummary summary = new ModelSummary();
    for (ReportTensor tensor : tensors) {
      int vector = tensor.models().indexOf(model);
      if (vector >= 0) {
        tensor.figures().ifPresent(figures -> summary.add(figures, vector));
      }
    }
    return summary;
  }

  /** The magnitudes of the results of tensors. */
  static Optional<Magnitudes> resultMagnitudes(List<ReportTensor> tensors) {
    List<Magnitudes> results = new ArrayList<>();
    for (ReportTensor tensor : tensors) {
      tensor
          .figures()
          .filter(figures -> figures.view().hasResult())
          .ifPresent(figures -> results.add(figures.magnitudes().get(result(figures))));
    }
    return results.stream().reduce(Magnitudes::plus);
  }

  /** Place of the result among the vectors. */
  static int result(Figures figures) {
    return figures.view().vectors() - 1;
  }

  private void add(Figures figures, int vector) {
    square += figures.product(vector, vector);
    if (figures.baseNorm().isPresent()) {
      hasBase = true;
      baseSquare += square(figures.baseNorm().getAsDouble());
    }
    if (figures.distance(vector).isPresent()) {
      hasResult = true;
      distanceSquare += square(figures.distance(vector).getAsDouble());
      product += figures.product(vector, result(figures));
      resultSquare += figures.product(result(figures), result(figures));
    }
    int input = figures.view().models().get(vector);
    dropped += figures.dropped()[input];
    kept += figures.kept()[input];
    Magnitudes more = figures.magnitudes().get(vector);
    magnitudes = Optional.of(magnitudes.map(more::plus).orElse(more));
  }

  private static double square(double value) {
    return value * value;
  }

  double norm() {
    return Math.sqrt(square);
  }

  /** The norm in units of the base's. */
  OptionalDouble relativeNorm() {
    return hasBase && baseSquare > 0
        ? OptionalDouble.of(Math.sqrt(square / baseSquare))
        : OptionalDouble.empty();
  }

  OptionalDouble cosineToResult() {
    double norms = Math.sqrt(square) * Math.sqrt(resultSquare);
    return hasResult && norms > 0 ? OptionalDouble.of(product / norms) : OptionalDouble.empty();
  }

  OptionalDouble distance() {
    return hasResult ? OptionalDouble.of(Math.sqrt(distanceSquare)) : OptionalDouble.empty();
  }

  OptionalDouble kept() {
    return dropped > 0 ? OptionalDouble.of((double) kept / dropped) : OptionalDouble.empty();
  }

  /** Empty if no tensor of the model was observed. */
  Optional<Magnitudes> magnitudes() {
    return magnitudes;
  }
}
