package dev.stockpot.kernels.methods.moments;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.PostStep;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.MatrixMerging;
import dev.stockpot.kernels.methods.MatrixMerging.Tensor;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.number.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Steps behind averages, put to work; and moments by plain code. */
final class Stepping {
  private Stepping() {}

  static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** The sum of products of differences from the means. */
  static double products(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - mean(a)) * (b[i] - mean(b));
    }
    return sum;
  }

  static ParameterValues values(PostStep step, Object... given) {
    Map<String, Object> values = new HashMap<>();
    for (Parameter<?> parameter : step.parameters()) {
      parameter.plainStandard().ifPresent(standard -> values.put(parameter.name(), standard));
    }
    for (int i = 0; i < given.length; i += 2) {
      values.put((String) given[i], given[i + 1]);
    }
    return new ParameterValues(values);
  }

  static TensorTerms terms(String tensor, Shape shape, double... weights) {
    Terms terms =
        Terms.of("linear", Math.toIntExact(shape.elements()))
            .shape(shape.dimensions().stream().mapToLong(length -> length).toArray())
            .tensor(tensor);
    for (double weight : weights) {
      terms.model("weight", weight);
    }
    return terms.build();
  }

  static double[][] change(TensorTerms terms, PostStep step, Tensor... inputs) {
    assertThat(step.problemWith(terms)).isEmpty();
    return MatrixMerging.change(terms, step.program(terms).orElseThrow(), inputs);
  }
}
