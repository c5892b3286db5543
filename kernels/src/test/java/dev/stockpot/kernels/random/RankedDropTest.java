package dev.stockpot.kernels.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Probabilities of DELLA's MAGPRUNE: they rise evenly with the rank. */
class RankedDropTest {
  private static final RankedDrop DROP = RankedDrop.of(3, 1, "w", 0.5, 0.25);

  private static double share(int keepBelow) {
    return Integer.toUnsignedLong(keepBelow) * 0x1p-32;
  }

  @Test
  void theSmallestHasTheLowestProbabilityAndTheLargestTheHighest() {
    assertThat(share(DROP.keepBelow(0, 5))).isEqualTo(0.25);
    assertThat(share(DROP.keepBelow(1, 5))).isEqualTo(0.375);
    assertThat(share(DROP.keepBelow(2, 5))).isEqualTo(0.5);
    assertThat(share(DROP.keepBelow(3, 5))).isEqualTo(0.625);
    assertThat(share(DROP.keepBelow(4, 5))).isEqualTo(0.75);
  }

  @Test
  void aRowOfOneElementHasTheProbabilityInTheMiddle() {
    assertThat(share(DROP.keepBelow(0, 1))).isEqualTo(0.5);
  }

  @Test
  void theMeanOverARowIsTheDensity() {
    int count = 1001;
    double sum = 0;
    for (int rank = 0; rank < count; rank++) {
      sum += share(DROP.keepBelow(rank, count));
    }

    assertThat(sum / count).isCloseTo(0.5, org.assertj.core.data.Offset.offset(1e-9));
  }

  @Test
  void withoutASpreadAllRanksAreDroppedAlike() {
    RankedDrop even = RankedDrop.of(3, 1, "w", 0.5, 0);

    assertThat(even.keepBelow(0, 9)).isEqualTo(even.keepBelow(8, 9));
    assertThat(even.unranked()).isEqualTo(RandomDrop.of(3, 1, "w", 0.5));
  }

  @Test
  void theDrawsAreThoseOfARandomDrop() {
    assertThat(DROP.stream()).isEqualTo(RandomStream.of(3, 1, "w").key());
    assertThat(DROP.unranked().draws()).isEqualTo(RandomStream.of(3, 1, "w"));
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0.5", "0.2, 0.2", "0.9, 0.1", "0.5, -0.1", "0.5, NaN"})
  void refusesProbabilitiesThatAreNone(double density, double epsilon) {
    assertThatThrownBy(() -> RankedDrop.of(3, 1, "w", density, epsilon))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("density is %s ± %s, must be between 0 and 1", density, epsilon);
  }
}
