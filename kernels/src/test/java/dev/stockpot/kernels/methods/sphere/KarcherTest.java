package dev.stockpot.kernels.methods.sphere;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.methods.FineTunes;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.methods.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KarcherTest {
  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  private static Terms models(int models, int n) {
    Terms terms = Terms.of("karcher", n);
    for (int m = 0; m < models; m++) {
      terms.model();
    }
    return terms;
  }

  /** The mean by steps on the vectors themselves. */
  private static double[] direct(int steps, double tol, float[]... models) {
    List<double[]> units =
        Arrays.stream(models)
            .map(Vectors::of)
            .map(model -> Vectors.scaled(1 / Vectors.norm(model), model))
            .toList();
    double norm =
        Arrays.stream(models)
            .mapToDouble(model -> Vectors.norm(Vectors.of(model)))
            .average()
            .orElseThrow();
    double[] mean = new double[models[0].length];
    for (double[] unit : units) {
      mean = Vectors.sum(1, mean, 1, unit);
    }
    mean = Vectors.scaled(1 / Vectors.norm(mean), mean);
    for (int step = 0; step < steps; step++) {
      double[] tangent = new double[mean.length];
      for (double[] unit : units) {
        double cosine = Math.min(1, Vectors.product(mean, unit));
        double angle = Math.acos(cosine);
        if (angle >= tol) {
          double[] log = Vectors.sum(1, unit, -cosine, mean);
          tangent = Vectors.sum(1, tangent, angle / Math.sin(angle) / models.length, log);
        }
      }
      double length = Vectors.norm(tangent);
      if (length < tol) {
        break;
      }
      mean = Vectors.sum(Math.cos(length), mean, Math.sin(length) / length, tangent);
      mean = Vectors.scaled(1 / Vectors.norm(mean), mean);
    }
    return Vectors.scaled(norm, mean);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void equalsTheStepsOnTheVectors(Merging merging) {
    for (int n : new int[] {2, 17, 1_000, 2_049}) {
      float[][] near = Arrays.copyOfRange(FineTunes.withBase(3, n), 1, 4);
      float[][] far = {
        Samples.normal(n, 0.05, 1), Samples.normal(n, 0.1, 2), Samples.normal(n, 0.02, 3)
      };
      assertClose(merging.merge(models(3, n), near), direct(10, 1e-5, near));
      if (n > 2) { // few numbers may point anywhere, also to opposite sides
        assertClose(merging.merge(models(3, n), far), direct(10, 1e-5, far));
        Terms oneStep = models(3, n).merge("max_iter", 1.0, "tol", 1e-5);
        assertClose(merging.merge(oneStep, far), direct(1, 1e-5, far));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void ofTwoModelsOfEqualNormIsHalfwayOnTheArc(Merging merging) {
    float[] a = Samples.normal(3_000, 0.05, 1);
    float[] b = new float[3_000];
    for (int e = 0; e < b.length; e++) {
      b[e] = a[b.length - 1 - e];
    }

    assertClose(
        merging.merge(models(2, 3_000), a, b), Vectors.slerp(0.5, Vectors.of(a), Vectors.of(b)));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void oneModelOrEqualOnesGiveThatModel(Merging merging) {
    float[] model = Samples.normal(3_000, 0.05, 1);

    assertSameBits(merging.merge(models(1, 3_000), model), model);
    assertClose(merging.merge(models(3, 3_000), model, model, model), Vectors.of(model));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aZeroVectorHasNoDirectionButShortensTheMean(Merging merging) {
    assertClose(merging.merge(models(2, 2), new float[2], new float[] {2, 4}), new double[] {1, 2});
    assertSameBits(merging.merge(models(2, 2), new float[2], new float[2]), new float[2]);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void ofOppositeModelsTheFirstIsTaken(Merging merging) {
    assertClose(
        merging.merge(models(2, 2), new float[] {3, 4}, new float[] {-3, -4}), new double[] {3, 4});
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void nanStaysVisible(Merging merging) {
    float[][] inputs = FineTunes.withBase(2, 3_000);
    inputs[1][1_234] = Float.NaN;

    assertThat(merging.merge(models(3, 3_000), inputs)[1_234]).isNaN();
  }
}
