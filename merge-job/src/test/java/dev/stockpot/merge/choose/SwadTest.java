package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SwadTest {
  private static Chooser told(Chooser chooser, double... losses) {
    for (double loss : losses) {
      chooser.tell(Double.isNaN(loss) ? Score.FAILED : Score.of(-loss));
    }
    return chooser;
  }

  @Test
  void everyCheckpointIsScoredOnceInItsOrder() {
    Chooser chooser = Choosers.swad(3, 2, 2, 1.3);
    assertThat(chooser.upcoming(2)).containsExactly(Point.only(0, 3), Point.only(1, 3));
    told(chooser, 1, 2);
    assertThat(chooser.upcoming(5)).containsExactly(Point.only(2, 3));
    told(chooser, 2);
    assertThat(chooser.upcoming(5)).isEmpty();
    assertThatThrownBy(() -> told(chooser, 1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theMeanOfTheValleyIsChosenWorthItsMeanLoss() {
    Chooser.Choice best =
        told(Choosers.swad(6, 2, 2, 1.3), 4, 1, 1.2, 3, 3, 3).best().orElseThrow();
    assertThat(best.point()).isEqualTo(Point.of(0, 1, 1, 0, 0, 0));
    assertThat(best.score().worth()).hasValue(-1.1);
  }

  @Test
  void whatCouldNotBeScoredIsLeftOut() {
    Chooser chooser = told(Choosers.swad(4, 2, 2, 1.3), 1, Double.NaN, 1.1, 1.2);
    assertThat(chooser.best().orElseThrow().point()).isEqualTo(Point.of(1, 0, 1, 1));
    assertThat(chooser.verdict()).isEmpty();
  }

  @Test
  void nothingIsChosenOfARunThatStillFalls() {
    assertThat(told(Choosers.swad(4, 2, 2, 1.3), 4, 3, 2, 1).best()).isEmpty();
  }
}
