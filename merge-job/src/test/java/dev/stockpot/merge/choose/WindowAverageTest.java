package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.choose.WindowAverage.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowAverageTest {
  private static List<Double> weights(Kind kind, double beta, int size) {
    return new WindowAverage(kind, beta).weights(size);
  }

  @Test
  void checkpointsCountAlikeOrTheNewerTheMore() {
    assertThat(weights(Kind.SMA, 0, 3)).containsExactly(1.0, 1.0, 1.0);
    assertThat(weights(Kind.WMA, 0, 3)).containsExactly(1.0, 2.0, 3.0);
    assertThat(weights(Kind.EMA, 0.5, 3)).containsExactly(0.25, 0.25, 0.5);
  }

  @Test
  void exponentialWeightsAddUpToOne() {
    double sum = weights(Kind.EMA, 0.9, 40).stream().mapToDouble(Double::doubleValue).sum();

    assertThat(sum).isCloseTo(1, within(1e-12));
  }

  @Test
  void aWindowOfOneIsItsCheckpoint() {
    for (Kind kind : Kind.values()) {
      assertThat(weights(kind, 0.9, 1)).containsExactly(1.0);
    }
  }

  @Test
  void refusesABetaThatIsNoShare() {
    assertThatThrownBy(() -> new WindowAverage(Kind.EMA, 1.5)).hasMessageContaining("beta is 1.5");
  }
}
