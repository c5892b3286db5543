package dev.stockpot.kernels.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SortingNetworkTest {

  /** What sorts all zeros and ones sorts everything. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 16, 17})
  void sortsZerosAndOnesOfEveryOrder(int places) {
    List<SortingNetwork.Exchange> exchanges = SortingNetwork.of(places).exchanges();
    for (int bits = 0; bits < 1 << places; bits++) {
      int sorted = apply(exchanges, bits);
      int ones = Integer.bitCount(bits);
      assertThat(sorted).isEqualTo(((1 << ones) - 1) << (places - ones));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 6, 9, 13})
  void whatDecidesAFewPlacesGivesTheSameThere(int places) {
    SortingNetwork network = SortingNetwork.of(places);
    int middle = places / 2;
    List<SortingNetwork.Exchange> deciding = network.decidingOnly(middle, middle + 1);
    for (int bits = 0; bits < 1 << places; bits++) {
      int expected = apply(network.exchanges(), bits) >> middle & 1;
      assertThat(apply(deciding, bits) >> middle & 1).isEqualTo(expected);
    }
  }

  @Test
  void leavesOutWhatDoesNotMatter() {
    SortingNetwork network = SortingNetwork.of(8);

    assertThat(network.exchanges()).hasSize(19);
    assertThat(network.decidingOnly(0, 1)).hasSize(7); // a minimum
  }

  /** Of two different bits the one goes to the higher place. */
  private static int apply(List<SortingNetwork.Exchange> exchanges, int bits) {
    int result = bits;
    for (SortingNetwork.Exchange exchange : exchanges) {
      int low = result >> exchange.low() & 1;
      int high = result >> exchange.high() & 1;
      if (low > high) {
        result ^= 1 << exchange.low() | 1 << exchange.high();
      }
    }
    return result;
  }
}
