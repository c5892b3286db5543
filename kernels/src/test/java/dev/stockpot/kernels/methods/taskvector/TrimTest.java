package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.methods.Formulas;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.random.RandomStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What ties keeps of a task vector: with one model on a base of zeros the output shows it. */
class TrimTest {
  private static final RandomStream DRAWS = Terms.of("ties", 1).draws();

  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  private static float[] trim(Merging merging, double density, float... taskVector) {
    Terms terms =
        Terms.of("ties", taskVector.length).base().model("weight", 1.0, "density", density);
    return merging.merge(terms, new float[taskVector.length], taskVector);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theLargestMagnitudesAreKept(Merging merging) {
    assertThat(trim(merging, 0.5, 1, -4, 3, -2)).containsExactly(0, -4, 3, 0);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void magnitudesThatDifferInTheLastBitDiffer(Merging merging) {
    float above = Math.nextUp(0.1f);

    assertThat(trim(merging, 0.5, 0.1f, -above, 0.1f, above)).containsExactly(0, -above, 0, above);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void whatASortKeepsIsKeptAndEqualOnesByLot(Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      for (double density : new double[] {1e-3, 0.2, 0.37, 0.5, 0.9, 0.999}) {
        for (float[] taskVector : new float[][] {Samples.tied(n, n), Samples.normal(n, 1, n)}) {
          boolean[] kept = Formulas.largest(new float[n], taskVector, (long) (density * n), DRAWS);
          float[] expected = new float[n];
          for (int e = 0; e < n; e++) {
            expected[e] = kept[e] ? taskVector[e] + 0f : 0; // a base of zero hides the sign of one
          }

          assertSameBits(trim(merging, density, taskVector), expected);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void densityOneKeepsAllAndDensityZeroNothing(Merging merging) {
    float[] taskVector = Samples.normal(2_100, 1, 1);

    assertSameBits(trim(merging, 1, taskVector), taskVector);
    assertSameBits(trim(merging, 0, taskVector), new float[2_100]);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aDensityTooLowForOneElementKeepsNothing(Merging merging) {
    assertThat(trim(merging, 0.9, 5)).containsExactly(0);
    assertThat(trim(merging, 0.3, 5, 6, 7)).containsExactly(0, 0, 0);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aTaskVectorOfZerosStaysZero(Merging merging) {
    assertSameBits(trim(merging, 0.5, new float[3_000]), new float[3_000]);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void moreIsAskedForThanIsNotZero(Merging merging) {
    float[] taskVector = new float[3_000];
    taskVector[17] = -0.5f;
    taskVector[2_999] = 0.25f;

    assertSameBits(trim(merging, 0.5, taskVector), taskVector);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void infinityIsLargestButForNan(Merging merging) {
    float[] taskVector = Samples.normal(100, 1, 1);
    taskVector[50] = Float.NEGATIVE_INFINITY;
    taskVector[70] = Float.NaN;

    assertThat(keptPlaces(trim(merging, 0.01, taskVector))).containsExactly(70);
    assertThat(keptPlaces(trim(merging, 0.02, taskVector))).containsExactly(50, 70);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void everyNanStaysVisibleWhateverItsPayload(Merging merging) {
    float[] taskVector = Samples.normal(100, 1, 1);
    taskVector[10] = Float.intBitsToFloat(0x7FC00001);
    taskVector[20] = Float.intBitsToFloat(0xFFC12345);
    taskVector[30] = Float.NaN;

    assertThat(keptPlaces(trim(merging, 0.01, taskVector))).containsExactly(10, 20, 30);
  }

  private static int[] keptPlaces(float... trimmed) {
    return IntStream.range(0, trimmed.length).filter(e -> trimmed[e] != 0).toArray();
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void eachModelHasItsOwnThreshold(Merging merging) {
    Terms terms =
        Terms.of("ties", 4)
            .base()
            .model("weight", 1.0, "density", 0.25)
            .model("weight", 1.0, "density", 0.5)
            .model("weight", 1.0, "density", 0.0)
            .model("weight", 1.0, "density", 1.0)
            .merge("normalize", false, "rescale", false, "lambda", 1.0);
    float[] merged =
        merging.merge(
            terms,
            new float[4],
            new float[] {1, 2, 3, 4},
            new float[] {80, 70, 60, 50},
            Samples.filled(4, 1e6f),
            Samples.filled(4, 1_000));

    assertThat(merged).containsExactly(1_080, 1_070, 1_000, 1_004);
  }
}
