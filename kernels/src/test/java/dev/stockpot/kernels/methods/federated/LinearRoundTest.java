package dev.stockpot.kernels.methods.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.method.Judgement.Verdict;
import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From what clients count to the step that is taken. */
class LinearRoundTest {
  private static final Weighing HALVES = weighing(true, 0.5, 0.5);

  private static Weighing weighing(boolean isWhole, double... weights) {
    return (clients, told) -> {
      List<Integer> sound = clients.sound();
      List<Double> all = sound.stream().map(i -> weights[i]).toList();
      return new Shares(sound, all, isWhole);
    };
  }

  private static ServerStep step(Weighing weighing, Clients clients) {
    return (ServerStep) new LinearRound(0, weighing).decide(clients).program();
  }

  @Test
  void sharesThatAreWholeNeedNoModelOfTheServer() {
    ServerStep step = step(HALVES, Points.line(1, 2));

    assertThat(step.inputs()).containsExactly(1, 2);
    assertThat(step.shares()).containsExactly(0.5, 0.5);
    assertThat(step.base()).isZero();
    assertThat(step.noise()).isEmpty();
  }

  @Test
  void whatIsLeftIsTheServers() {
    ServerStep step = step(weighing(false, 0.5, 0.125), Points.line(1, 2));

    assertThat(step.inputs()).containsExactly(1, 2, 0);
    assertThat(step.shares()).containsExactly(0.5, 0.125, 0.375);
  }

  /** What a client changed comes on top of the server's model, and takes nothing from it. */
  @Test
  void changesLeaveTheServersModelWhole() {
    Clients clients = Points.withDeltas(List.of(2), new double[] {1}, new double[] {2});
    ServerStep step = step(weighing(true, 0.25, 0.75), clients);

    assertThat(step.inputs()).containsExactly(1, 2, 0);
    assertThat(step.shares()).containsExactly(0.25, 0.75, 0.75);
  }

  @Test
  void clientsThatCountNothingAreNotReadAndYetTold() {
    Round.Decided decided = new LinearRound(0, weighing(true, 0, 1)).decide(Points.line(1, 2));
    ServerStep step = (ServerStep) decided.program();

    assertThat(step.inputs()).containsExactly(2);
    assertThat(decided.judgement()).contains(decided.told());
    assertThat(decided.told().verdicts()).extracting(Verdict::weight).containsExactly(0.0, 1.0);
    assertThat(decided.told().verdicts()).extracting(Verdict::isAccepted).containsOnly(true);
  }

  @Test
  void withoutAnybodyTheServersModelStays() {
    ServerStep none = step(HALVES, Points.line(Double.NaN, Double.NaN));
    ServerStep zeros = step(weighing(true, 0, 0), Points.line(1, 2));

    assertThat(none.inputs()).containsExactly(0).isEqualTo(zeros.inputs());
    assertThat(none.shares()).containsExactly(1.0).isEqualTo(zeros.shares());
  }

  @Test
  void aRoundLooksAtWholeModelsBeforeItIsOpened() {
    ClientScan look = new ClientScan(0, List.of(1), List.of(), List.of(), false);
    Round round = new Round(look, new LinearRound(0, HALVES));

    assertThat(round.scan()).contains(look);
    assertThat(round.scanScope()).isEqualTo(ScanScope.MODEL);
    assertThat(round.judgement()).isEmpty();
    try (Kernels<?> kernels = new ScalarProvider().open()) {
      assertThatThrownBy(() -> round.open(kernels))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("LinearRound[")
          .hasMessageEndingWith("opened before its scan");
    }
  }

  @Test
  void nothingMayBeMissing() {
    ClientScan look = new ClientScan(0, List.of(1), List.of(), List.of(), false);

    assertThatNullPointerException()
        .isThrownBy(() -> new Round(look, null))
        .withMessage("rule is null");
    assertThatNullPointerException()
        .isThrownBy(() -> new Round(null, new LinearRound(0, HALVES)))
        .withMessage("look is null");
    assertThatNullPointerException()
        .isThrownBy(() -> new LinearRound(0, null))
        .withMessage("weighing is null");
  }
}
