package dev.stockpot.kernels.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.stockpot.kernels.observe.Figures.Magnitudes;
import dev.stockpot.kernels.observe.Observer.Viewpoint;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows from sums, and sums of several tensors. */
class FiguresTest {
  /** Two models beside a base, and a result: products 00 01 02 11 12 22, distances, base, votes. */
  private static final Viewpoint VIEW = new Viewpoint(3, 1, true);

  private static final Magnitudes NONE = new Magnitudes(0, 129, new long[0]);

  private static Figures figures(long elements, long sampled, double... sums) {
    List<Magnitudes> magnitudes = List.of(NONE, NONE, NONE);
    return new Figures(
        VIEW, elements, sampled, sums, magnitudes, new long[] {8, 0, 10}, new long[] {2, 0, 5});
  }

  private static Figures usual() {
    return figures(40, 20, 4, -3, 1, 9, 6, 16, 25, 36, 49, 10);
  }

  @Test
  void sumsAreReadWhereTheViewpointPutsThem() {
    Figures figures = usual();

    assertThat(figures.product(0, 1)).isEqualTo(-3).isEqualTo(figures.product(1, 0));
    assertThat(figures.product(2, 1)).isEqualTo(6);
    assertThat(figures.norm(2)).isEqualTo(4);
    assertThat(figures.cosine(0, 1)).hasValue(-3 / (2.0 * 3));
    assertThat(figures.distance(0)).hasValue(5);
    assertThat(figures.distance(1)).hasValue(6);
    assertThat(figures.baseNorm()).hasValue(7);
    assertThat(figures.conflicts()).hasValue(10 / 40.0);
  }

  @Test
  void whatDropsLeftIsOfTheInputThatAModelIs() {
    assertThat(usual().kept(0)).hasValue(0.25);
    assertThat(usual().kept(1)).hasValue(0.5); // input 2: the base is 1
    Figures plain = new Figures(VIEW, 1, 1, new double[10], List.of(), new long[3], new long[3]);
    assertThat(plain.kept(0)).isEmpty();
  }

  @Test
  void aVectorOfZerosHasNoDirectionAndRoundingNoCosineBeyondOne() {
    assertThat(figures(1, 1, 0, 0, 0, 9, 6, 16, 0, 0, 0, 0).cosine(0, 1)).isEmpty();
    assertThat(figures(1, 1, 1, 1.0000001, 0, 1, 0, 0, 0, 0, 0, 0).cosine(0, 1)).hasValue(1);
    assertThat(figures(1, 1, 1, -1.0000001, 0, 1, 0, 0, 0, 0, 0, 0).cosine(0, 1)).hasValue(-1);
  }

  @Test
  void nothingIsSaidOfNoElements() {
    assertThat(figures(0, 0, new double[10]).conflicts()).isEmpty();
  }

  @Test
  void figuresOfTwoTensorsAddUp() {
    Figures both = usual().plus(figures(2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1));

    assertThat(both.elements()).isEqualTo(42);
    assertThat(both.sampled()).isEqualTo(21);
    assertThat(both.sums()).containsExactly(5, -2, 2, 10, 7, 17, 26, 37, 50, 11);
    assertThat(both.kept(1)).hasValue(10.0 / 20);
    assertThat(usual().sums()[0]).as("of the one that was there").isEqualTo(4);
  }

  @Test
  void otherViewpointsDoNotAddUp() {
    Viewpoint other = new Viewpoint(3, 0, true);
    Figures beside = new Figures(other, 1, 1, new double[10], List.of(), new long[3], new long[3]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> usual().plus(beside))
        .withMessage("%s and %s", VIEW, other);
    Observation seen =
        new Observation(VIEW, 1, 1, new double[10], List.of(), new long[3], new long[3]);
    Observation elsewhere =
        new Observation(other, 1, 1, new double[10], List.of(), new long[3], new long[3]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> seen.plus(elsewhere))
        .withMessageContaining("after one of %s", VIEW);
  }

  @Test
  void sumsOfASampleAreScaledToAllElements() {
    Viewpoint one = new Viewpoint(1, Viewpoint.NO_BASE, false);
    Observation observation =
        new Observation(
            one, 100, 40, new double[] {3, 5, 2}, List.of(NONE), new long[1], new long[1]);
    Observation none =
        new Observation(one, 100, 0, new double[0], List.of(NONE), new long[1], new long[1]);

    assertThat(observation.figures().sums()).containsExactly(10 * 2.5);
    assertThat(none.figures().sums()).containsExactly(0);
  }

  @ParameterizedTest
  @CsvSource({"3, 0", "3, 2", "4, 1"})
  void everySumHasAPlaceOfItsOwn(int inputs, int base) {
    Viewpoint view = new Viewpoint(inputs, base, true);
    boolean[] taken = new boolean[view.sums()];
    for (int a = 0; a < view.vectors(); a++) {
      for (int b = a; b < view.vectors(); b++) {
        taken[view.product(b, a)] ^= true;
      }
    }
    for (int model = 0; model < inputs - 1; model++) {
      taken[view.distance(model)] ^= true;
    }
    taken[view.baseSquare()] ^= true;
    taken[view.conflicts()] ^= true;

    assertThat(taken).doesNotContain(false);
  }

  @Test
  void aBaseIsOneOfTheInputs() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Viewpoint(2, 2, false))
        .withMessage("base is input 2 of 2");
    assertThatIllegalArgumentException().isThrownBy(() -> new Viewpoint(2, -2, false));
    assertThat(new Viewpoint(3, 1, false).models()).containsExactly(0, 2);
    assertThat(new Viewpoint(1, 0, false).hasConflicts()).isFalse();
  }

  private static Magnitudes magnitudes(float... values) {
    MagnitudeCounts counts = new MagnitudeCounts(MagnitudeCounts.ALL_BINS);
    for (float value : values) {
      counts.count(value);
    }
    return Magnitudes.of(counts);
  }

  @Test
  void histogramsAddUpByExponentsWhereverTheyBegin() {
    Magnitudes both = magnitudes(0, 0.25f, -0.4f).plus(magnitudes(3, 0, -0f, 0.5f));

    assertThat(both.zeros()).isEqualTo(3);
    assertThat(both.first()).isEqualTo(-2);
    assertThat(both.counts()).containsExactly(2, 1, 0, 1);
  }

  @Test
  void aHistogramOfZerosIsEmptyAndChangesNoOther() {
    Magnitudes zeros = magnitudes(0, 1e-40f);
    Magnitudes some = magnitudes(1, Float.NaN);

    assertThat(zeros.zeros()).isEqualTo(2);
    assertThat(zeros.counts()).isEmpty();
    Magnitudes both = zeros.plus(some);
    assertThat(both.zeros()).isEqualTo(2);
    assertThat(both.first()).isZero();
    assertThat(both.counts()).hasSize(129).startsWith(1).endsWith(1); // exponent 128 is NaN's
  }
}
