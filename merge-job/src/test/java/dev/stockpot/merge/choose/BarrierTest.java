package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BarrierTest {
  private static Barrier of(double... worths) {
    List<Barrier.At> points = new ArrayList<>();
    for (int i = 0; i < worths.length; i++) {
      points.add(new Barrier.At((double) i / (worths.length - 1), worths[i]));
    }
    return Barrier.of(points).orElseThrow();
  }

  @Test
  void ofALossItIsHowFarThePathRisesAboveTheChord() {
    // losses 1, 3, 2: the chord has 1.5 in the middle
    assertThat(of(-1, -3, -2)).isEqualTo(new Barrier(1.5, 0.5, 0));
  }

  @Test
  void ofAnAccuracyItIsHowFarThePathFallsBelowTheChord() {
    Barrier barrier = of(0.9, 0.7, 0.3, 0.6, 0.8);
    assertThat(barrier.height()).isCloseTo(0.55, within(1e-12));
    assertThat(barrier.t()).isEqualTo(0.5);
  }

  @Test
  void aPathThatIsBetterThanItsEndsHasNoneAndGains() {
    Barrier barrier = of(0.80, 0.84, 0.82);
    assertThat(barrier.height()).isZero();
    assertThat(barrier.gain()).isCloseTo(0.03, within(1e-12));
  }

  @Test
  void aPathCanHaveABarrierAndGainElsewhere() {
    Barrier barrier = of(0, 1, 0, -2, 0);
    assertThat(barrier).isEqualTo(new Barrier(2, 0.75, 1));
  }

  @Test
  void theChordFollowsEndsThatAreUnlike() {
    assertThat(of(0, 0.5, 1)).isEqualTo(new Barrier(0, 0, 0));
    assertThat(of(0, 0.25, 1).height()).isEqualTo(0.25);
  }

  @Test
  void pointsThatCouldNotBeScoredAreLeftOutButAnEndIsNeeded() {
    assertThat(Barrier.of(List.of(new Barrier.At(0, 1), new Barrier.At(1, 2)))).isPresent();
    assertThat(Barrier.of(List.of(new Barrier.At(0, 1), new Barrier.At(0.5, 2)))).isEmpty();
    assertThat(Barrier.of(List.of())).isEmpty();
  }
}
