package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class UniformSoupTest {
  @Test
  void everyModelIsScoredAndThenTheMeanOfAll() {
    UniformSoup soup = new UniformSoup(3);
    List<Point> tried = Trying.worths(soup, point -> point.ingredients().size());
    assertThat(tried)
        .containsExactly(Point.only(0, 3), Point.only(1, 3), Point.only(2, 3), Point.of(1, 1, 1));
    assertThat(soup.best()).hasValue(new Chooser.Choice(Point.of(1, 1, 1), Score.of(3)));
    assertThat(soup.verdict()).isEqualTo("better than each alone");
  }

  @Test
  void theMeanIsTakenThoughOneOfThemIsBetter() {
    UniformSoup soup = new UniformSoup(2);
    Trying.worths(soup, point -> point.equals(Point.only(1, 2)) ? 1 : 0);
    assertThat(soup.best().orElseThrow().point()).isEqualTo(Point.of(1, 1));
    assertThat(soup.verdict()).isEqualTo("no better than the best");
  }

  @Test
  void whatCannotBeScoredIsLeftOut() {
    UniformSoup soup = new UniformSoup(3);
    List<Point> tried =
        Trying.all(soup, point -> point.values().get(1) > 0 ? Score.FAILED : Score.of(1));
    assertThat(tried).hasSize(4).endsWith(Point.of(1, 0, 1));
    assertThat(soup.best().orElseThrow().point()).isEqualTo(Point.of(1, 0, 1));
  }

  @Test
  void theMeanOfOneIsThatOne() {
    UniformSoup soup = new UniformSoup(2);
    List<Point> tried =
        Trying.all(soup, point -> point.values().get(1) > 0 ? Score.FAILED : Score.of(1));
    assertThat(tried).hasSize(2);
    assertThat(soup.best()).hasValue(new Chooser.Choice(Point.only(0, 2), Score.of(1)));
  }

  @Test
  void aMeanThatCannotBeScoredIsNotChosenNorAnythingInItsPlace() {
    UniformSoup soup = new UniformSoup(2);
    Trying.all(soup, point -> point.ingredients().size() > 1 ? Score.FAILED : Score.of(1));
    assertThat(soup.best()).isEmpty();
    assertThat(soup.upcoming(5)).isEmpty();
    assertThat(soup.verdict()).isEqualTo("failed");
  }

  @Test
  void nothingIsCookedOfNothing() {
    assertThatThrownBy(() -> new UniformSoup(0)).hasMessage("a soup of 0 models");
    UniformSoup soup = new UniformSoup(2);
    Trying.all(soup, point -> Score.FAILED);
    assertThat(soup.best()).isEmpty();
    assertThatThrownBy(() -> soup.tell(Score.of(1))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void modelsAreScoredAsFarAheadAsThereIsRoom() {
    UniformSoup soup = new UniformSoup(4);
    assertThat(soup.upcoming(3)).hasSize(3);
    soup.tell(Score.of(1));
    assertThat(soup.upcoming(9)).hasSize(3).startsWith(Point.only(1, 4));
  }
}
