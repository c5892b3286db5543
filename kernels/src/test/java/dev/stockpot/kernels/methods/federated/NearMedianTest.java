package dev.stockpot.kernels.methods.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.stockpot.kernels.methods.Merging;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Means of what is nearest to the median, beside looking at all windows of a sort. */
class NearMedianTest {
  static List<Merging> onCpu() {
    return Merging.onCpu().toList();
  }

  private static float of(int nearest, float... values) {
    return of(Given.MERGING, nearest, values);
  }

  private static float of(Merging merging, int nearest, float... values) {
    float[][] models = new float[values.length][];
    Arrays.setAll(models, i -> new float[] {values[i]});
    List<Integer> inputs = IntStream.range(0, values.length).boxed().toList();
    return merging.merge(new NearMedian(inputs, nearest), models)[0];
  }

  @ParameterizedTest
  @CsvSource({
    "1, 5", // the median itself
    "2, 4.5", // 4 is nearer than 9
    "3, 6", // 9 is nearer than 0
    "4, 4.5", "5, 23.6"
  })
  void takesAsManyAsAreWanted(int nearest, float expected) {
    assertThat(of(nearest, 100, 5, 0, 9, 4)).isEqualTo(expected);
  }

  @Test
  void ofTwoEquallyFarTheLowerCounts() {
    assertThat(of(2, 7, 3, 5)).isEqualTo(4);
    assertThat(of(1, 8, 2)).isEqualTo(2); // the median of two lies between them
    assertThat(of(3, 1, 3, 4, 6)).isEqualTo((float) ((1.0 + 3 + 4) / 3));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void eachElementIsOfItsOwnModelsAndOfThoseThatAreListed(Merging merging) {
    NearMedian two = new NearMedian(List.of(3, 1, 0), 2);
    float[] first = {1, 30};
    float[] second = {2, 0};
    float[] ignored = {2, 30};
    float[] third = {9, 31};

    assertThat(merging.merge(two, first, second, ignored, third)).containsExactly(1.5f, 30.5f);
  }

  @ParameterizedTest
  @CsvSource({"0", "4", "-1"})
  void refusesToTakeNoneOrMoreThanThereAre(int nearest) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NearMedian(List.of(0, 1, 2), nearest))
        .withMessage("%s of 3 models", nearest);
  }

  @Property(tries = 60)
  void noOtherAsManyLieNearerToTheMedian(
      @ForAll @Size(min = 1, max = 7) List<@IntRange(min = -50, max = 50) Integer> drawn,
      @ForAll @IntRange(min = 1, max = 7) int wanted) {
    int nearest = Math.min(wanted, drawn.size());
    float[] values = new float[drawn.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = drawn.get(i);
    }

    assertThat(of(nearest, values)).isEqualTo(nearestMean(nearest, values));
  }

  /** By the largest distance in each window of a sort, then the lowest. */
  private static float nearestMean(int nearest, float... values) {
    double[] sorted = new double[values.length];
    Arrays.setAll(sorted, i -> values[i]);
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    double least = Double.POSITIVE_INFINITY;
    double mean = Double.NaN;
    for (int first = 0; first + nearest <= sorted.length; first++) {
      double[] window = Arrays.copyOfRange(sorted, first, first + nearest);
      double far = Arrays.stream(window).map(value -> Math.abs(value - median)).sum();
      if (far < least) {
        least = far;
        mean = Arrays.stream(window).sum() / nearest;
      }
    }
    return (float) mean;
  }
}
