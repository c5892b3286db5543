package dev.stockpot.kernels.methods.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.number.DType;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Averages weighed by Fisher information, beside float64 code of the formula. */
class FisherTest {
  private static Terms terms(int elements, double... weights) {
    Terms terms = Terms.of("fisher", elements);
    for (double weight : weights) {
      terms.model("weight", weight);
    }
    for (int i = 0; i < weights.length; i++) {
      terms.side(SideInput.Given.of(Fisher.FISHER_DIAG, i));
    }
    return terms;
  }

  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  private static double norm(float[] x) {
    double sum = 0;
    for (float each : x) {
      sum += (double) each * each;
    }
    return Math.sqrt(sum);
  }

  private static float[] information(int elements, double scale, long seed) {
    float[] squares = Samples.normal(elements, 1, seed);
    for (int i = 0; i < elements; i++) {
      squares[i] = (float) (squares[i] * squares[i] * scale);
    }
    return squares;
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void weighsEachElement(Merging merging) {
    int elements = 1_000;
    float[] a = Samples.normal(elements, 1, 1);
    float[] b = Samples.normal(elements, 1, 2);
    float[] f = information(elements, 1e-12, 3);
    float[] g = information(elements, 1e-17, 4);
    f[7] = 0;

    float[] raw = merging.merge(terms(elements, 1, 1e5).merge("normalize", "none"), a, b, f, g);
    float[] normal = merging.merge(terms(elements, 0.3, 0.7), a, b, f, g);

    for (int i = 0; i < elements; i++) {
      double one = f[i];
      double two = 1e5 * g[i];
      assertThat(raw[i])
          .isCloseTo((float) ((one * a[i] + two * b[i]) / (one + two)), within(2e-6f));
      one = 0.3 * f[i] / norm(f);
      two = 0.7 * g[i] / norm(g);
      assertThat(normal[i])
          .isCloseTo((float) ((one * a[i] + two * b[i]) / (one + two)), within(2e-6f));
    }
    assertThat(raw[7]).isEqualTo(b[7]);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void floorsAreOfTheInformationAsItIs(Merging merging) {
    float[] a = {1, 1, 1};
    float[] b = {3, 3, 3};
    float[] f = {0, 0, 4};
    float[] g = {0, 1, 4};

    assertThat(merging.merge(terms(3, 1, 1).merge("normalize", "none", "floor", 1.0), a, b, f, g))
        .containsExactly(2, 2, 2);
    assertThat(
            merging.merge(
                terms(3, 1, 1).merge("normalize", "none", "floor", 1.0, "floor_on", "first"),
                a,
                b,
                f,
                g))
        .containsExactly(1, 2, 2);
    assertThat(
            merging.merge(
                terms(3, 1, 1).merge("normalize", "none", "floor", 1.0, "floor_mode", "add"),
                a,
                b,
                f,
                g))
        .containsExactly(2, 7 / 3f, 2);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void whereNobodyIsSureItIsTheWeightedMean(Merging merging) {
    float[] nothing = new float[2];
    float[] a = {1, -2};
    float[] b = {5, 2};

    assertThat(merging.merge(terms(2, 1, 3), a, b, nothing, nothing)).containsExactly(4, 1);
    assertThat(
            merging.merge(
                terms(2, 1, 3).merge("normalize", "none"), a, b, nothing, new float[] {1, 0}))
        .containsExactly(5, 1);
  }

  @Test
  void equalInformationIsTheMeanAndOverwhelmingOneTheModel() {
    Merging merging = Merging.onCpu().findFirst().orElseThrow();
    int elements = 100;
    float[] a = Samples.normal(elements, 1, 1);
    float[] b = Samples.normal(elements, 1, 2);
    float[] one = information(elements, 1, 3);
    float[] huge = information(elements, 1e30, 3);

    float[] mean = merging.merge(terms(elements, 1, 3), a, b, one, one);
    float[] first =
        merging.merge(terms(elements, 1, 1).merge("normalize", "none"), a, b, huge, one);

    for (int i = 0; i < elements; i++) {
      assertThat(mean[i]).isCloseTo((a[i] + 3 * b[i]) / 4, within(1e-6f));
      assertThat(first[i]).isCloseTo(a[i], within(1e-6f));
    }
  }

  @Test
  void theSmallestNumbersOfFloat32AreWeighed() {
    float[] tiny = {1e-40f, 3e-40f};
    float[] merged =
        Merging.onCpu()
            .findFirst()
            .orElseThrow()
            .merge(
                terms(2, 1, 1).merge("normalize", "none"),
                new float[] {0, 0},
                new float[] {4, 4},
                new float[] {3e-40f, 1e-40f},
                tiny);

    assertThat(merged[0]).isCloseTo(1, within(1e-4f));
    assertThat(merged[1]).isCloseTo(3, within(1e-4f));
  }

  @Test
  void cutsDoNotShow() {
    int elements = 2 * Block.REDUCTION_ELEMENTS + 77;
    Merging merging = Merging.onCpu().findFirst().orElseThrow().in(DType.BF16);
    float[][] inputs = {
      Samples.normal(elements, 1, 1),
      Samples.normal(elements, 1, 2),
      information(elements, 1e-6, 3),
      information(elements, 1e-6, 4)
    };

    assertThat(merging.cutAt(Block.REDUCTION_ELEMENTS).merge(terms(elements, 1, 2), inputs))
        .isEqualTo(merging.merge(terms(elements, 1, 2), inputs));
  }

  @Test
  void normsAreOfTheWholeModelUnlessTheRecipeSaysOtherwise() {
    assertThat(terms(2, 1, 1).program().scanScope().isModel()).isTrue();
    assertThat(terms(2, 1, 1).merge("normalize", "tensor").program().scanScope().isTensor())
        .isTrue();
    assertThat(terms(2, 1, 1).merge("normalize", "none").program().scan()).isEmpty();
    assertThat(terms(2, 0, 0).method().problemWith(terms(2, 0, 0).build()))
        .contains("weights are all zero; change one");
  }
}
