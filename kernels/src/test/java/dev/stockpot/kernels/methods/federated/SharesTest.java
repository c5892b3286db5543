package dev.stockpot.kernels.methods.federated;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients count in a step. */
class SharesTest {

  @Test
  void normalizedOnesAreInProportionAndLeaveNothingToTheServer() {
    Shares shares = Shares.normalized(List.of(4, 2), List.of(1.0, 3.0));

    assertThat(shares.weights()).containsExactly(0.25, 0.75);
    assertThat(shares.weightOf(4)).isEqualTo(0.25);
    assertThat(shares.weightOf(2)).isEqualTo(0.75);
    assertThat(shares.isWhole()).isTrue();
  }

  @Test
  void whereAllAreZeroAllAreEqual() {
    assertThat(Shares.normalized(List.of(0, 1, 2, 3), List.of(0.0, 0.0, 0.0, 0.0)).weights())
        .containsOnly(0.25)
        .hasSize(4);
  }

  @Test
  void ofNobodyTheServersModelIsLeft() {
    assertThat(Shares.normalized(List.of(), List.of()))
        .isEqualTo(Shares.free(List.of(), List.of()));
  }

  @Test
  void freeOnesStayAsTheyAreAndAreNeverAllOfIt() {
    Shares shares = Shares.free(List.of(0, 1), List.of(0.5, 0.5));

    assertThat(shares.weights()).containsExactly(0.5, 0.5);
    assertThat(shares.isWhole()).isFalse();
  }

  @Test
  void areNobodysToChange() {
    List<Integer> clients = new ArrayList<>(List.of(0));
    List<Double> weights = new ArrayList<>(List.of(2.0));
    Shares shares = Shares.free(clients, weights);
    clients.add(1);
    weights.set(0, 9.0);

    assertThat(shares).isEqualTo(Shares.free(List.of(0), List.of(2.0)));
  }

  @Test
  void examplesCountLessTheOlderTheirBeginningIs() {
    Weighing.ByExamples weighing =
        new Weighing.ByExamples(List.of(2.0, 7.0, 6.0), List.of(0.0, 0.0, 8.0));
    Clients clients = Points.line(1, Double.NaN, 3);
    Shares shares = weighing.of(clients, clients.new Told());

    assertThat(shares.clients()).containsExactly(0, 2);
    assertThat(shares.weights()).containsExactly(0.5, 0.5); // 2 and 6 / √9
  }
}
