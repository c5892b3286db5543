package dev.stockpot.kernels.scalar;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.random.RankedDrop;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drops by rank as DELLA has them, beside a sort of every row. */
class RankedSelectionTest {
  private static final RankedDrop DROP = RankedDrop.of(7, 1, "w", 0.5, 0.45);

  private static float[] made(RankedSelection selection, Block row, float... values) {
    float[] made = new float[values.length];
    selection.apply(row, values, DROP, made);
    return made;
  }

  /** Of equal magnitudes the first has the lower rank; whatever is dropped is zero. */
  private static float[] plainly(Block row, float... values) {
    int count = row.count();
    int[] draws = new int[count];
    DROP.unranked().draws().draw(row.firstElement(), count, draws);
    List<Integer> ascending =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> magnitude(values[i])))
            .toList();
    float[] made = new float[values.length];
    for (int rank = 0; rank < count; rank++) {
      int i = ascending.get(rank);
      boolean isKept = Integer.compareUnsigned(draws[i], DROP.keepBelow(rank, count)) < 0;
      made[i] = isKept && values[i] != 0 ? values[i] : 0;
    }
    return made;
  }

  private static double magnitude(float value) {
    return Float.isNaN(value) ? Double.NaN : Math.abs((double) value);
  }

  private static void assertIsPlain(RankedSelection selection, long first, float... values) {
    Block row = new Block(first, 0, values.length);
    assertSameBits(made(selection, row, values), plainly(row, values));
  }

  /** Around the length from which on ranks are told from bins. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 17, 511, 512, 513, 2_048, 9_000})
  void areThoseOfASortOfTheRow(int count) {
    RankedSelection selection = new RankedSelection();

    assertIsPlain(selection, 0, Samples.normal(count, 0.05, count));
    assertIsPlain(selection, 3L << 31, Samples.normal(count, 0.05, count + 1L));
    assertIsPlain(selection, 5, Samples.tied(count, count));
  }

  /** Neither whether bins hold one number nor how many powers of two there are may show. */
  @Test
  void areThoseOfASortForEveryKindOfRow() {
    RankedSelection selection = new RankedSelection();
    float[] close = Samples.normal(3_000, 1e-4, 1);
    float[] wide = new float[3_000];
    for (int i = 0; i < close.length; i++) {
      close[i] += 1; // most in one bin
      wide[i] = Math.scalb(i % 2 == 0 ? 1.25f : -1.5f, i % 90 - 45);
    }

    assertIsPlain(selection, 0, close);
    assertIsPlain(selection, 0, wide);
    assertIsPlain(selection, 0, Samples.filled(3_000, -2.5f));
    assertIsPlain(selection, 0, new float[3_000]);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 2_000})
  void noNegativeZeroIsLeft(int count) {
    float[] made = made(new RankedSelection(), new Block(0, 0, count), Samples.filled(count, -0f));

    assertSameBits(made, new float[count]);
  }

  @Test
  void infinitiesAreTheLargest() {
    float[] values = Samples.normal(700, 1, 4);
    values[5] = Float.POSITIVE_INFINITY;
    values[600] = Float.NEGATIVE_INFINITY;

    assertIsPlain(new RankedSelection(), 40, values);
  }

  @Test
  void rowsOfOneSelectionMayHaveOtherLengths() {
    RankedSelection selection = new RankedSelection();
    for (int count : new int[] {600, 40, 900, 41, 600}) {
      assertIsPlain(selection, count, Samples.normal(count, 0.05, count));
    }
  }

  @Test
  void whatLiesBehindTheRowIsNotTouched() {
    float[] values = Samples.normal(800, 1, 1);
    float[] made = Samples.filled(800, 9);
    new RankedSelection().apply(new Block(0, 0, 700), values, DROP, made);

    assertThat(Arrays.copyOfRange(made, 700, 800)).containsOnly(9);
  }
}
