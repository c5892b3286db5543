package dev.stockpot.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SortingNetworkTest {

  /** What sorts all zeros and ones sorts everything. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 16, 17})
  void sortsZerosAndOnesOfEveryOrder(int places) {
    SortingNetwork network = SortingNetwork.of(places);
    for (int bits = 0; bits < 1 << places; bits++) {
      int sorted = apply(network, bits);
      int ones = Integer.bitCount(bits);
      assertThat(sorted).isEqualTo(((1 << ones) - 1) << (places - ones));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 6, 9, 13})
  void whatDecidesAFewPlacesGivesTheSameThere(int places) {
    SortingNetwork network = SortingNetwork.of(places);
    int middle = places / 2;
    SortingNetwork deciding = network.decidingOnly(middle, middle + 1);
    for (int bits = 0; bits < 1 << places; bits++) {
      int expected = apply(network, bits) >> middle & 1;
      assertThat(apply(deciding, bits) >> middle & 1).isEqualTo(expected);
    }
  }

  @Test
  void leavesOutWhatDoesNotMatter() {
    SortingNetwork network = SortingNetwork.of(8);

    assertThat(network.exchanges()).hasSize(19);
    assertThat(network.decidingOnly(0, 1).exchanges())
        .hasSize(7) // a minimum
        .noneMatch(SortingNetwork.Exchange::wantsHigh);
  }

  /** Of two bits the larger goes to the higher place, as far as it is wanted; else they stay. */
  private static int apply(SortingNetwork network, int bits) {
    int result = bits;
    for (SortingNetwork.Exchange exchange : network.exchanges()) {
      int low = result >> exchange.low() & 1;
      int high = result >> exchange.high() & 1;
      if (low > high) {
        result ^= exchange.wantsLow() ? 1 << exchange.low() : 0;
        result ^= exchange.wantsHigh() ? 1 << exchange.high() : 0;
      }
    }
    return result;
  }
}
