package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where searches stand, and how they go on from there. */
class SearchStateTest {
  private static double worth(Point point) {
    double sum = 0;
    for (int i = 0; i < point.values().size(); i++) {
      double off = point.values().get(i) - 0.3 - 0.1 * i;
      sum += (i + 1) * off * off;
    }
    return -sum;
  }

  private static CmaEs search(int evaluations) {
    return new CmaEs(Point.of(.5, .5, .5), new CmaRules(1.0 / 6, 6, evaluations, 11));
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 12, 30})
  void whoGoesOnProposesWhatTheOtherWouldHave(int before) {
    CmaEs whole = search(60);
    List<Point> all = Trying.worths(whole, SearchStateTest::worth);
    CmaEs first = search(before);
    Trying.worths(first, SearchStateTest::worth);
    SearchState state = first.state().orElseThrow();
    assertThat(state.generation()).isEqualTo(before / 6);

    Chooser second = Choosers.cmaEs(state, 6, 60 - before, 11);
    assertThat(second.state()).hasValue(state);
    assertThat(Trying.worths(second, SearchStateTest::worth)).isEqualTo(all.subList(before, 60));
    assertThat(second.state()).isEqualTo(whole.state());
  }

  @Test
  void aStateStaysAsItIsWithinAGeneration() {
    CmaEs search = search(60);
    SearchState begin = search.state().orElseThrow();
    assertThat(begin.covariance()).containsExactly(1.0, 0.0, 1.0, 0.0, 0.0, 1.0);
    for (int i = 0; i < 5; i++) {
      search.tell(Score.of(i));
      assertThat(search.state()).hasValue(begin);
    }
    search.tell(Score.of(5));
    assertThat(search.state().orElseThrow()).isNotEqualTo(begin);
  }

  @Test
  void aPenaltyHidesNoState() {
    Chooser penalised = Choosers.regularised(search(60), point -> 1);
    assertThat(penalised.state()).isEqualTo(search(60).state());
  }

  @Test
  void whoKeepsNoStateHasNone() {
    assertThat(Choosers.grid(List.of(2, 2)).state()).isEmpty();
    assertThat(Choosers.soup(3, SoupRules.greedy()).state()).isEmpty();
  }

  @Test
  void aCovarianceIsTheSameOnBothSidesOfItsDiagonal() {
    SearchState state =
        new SearchState(
            3, .1, List.of(.5, .5), List.of(2.0, .3, 1.0), List.of(.0, .0), List.of(.0, .0));
    assertThat(state.symmetric()).isDeepEqualTo(new double[][] {{2, .3}, {.3, 1}});
    assertThat(SearchState.triangleOf(state.symmetric())).isEqualTo(state.covariance());
  }

  private static SearchState of(int generation, double sigma, int mean, int entries, int path) {
    return new SearchState(
        generation,
        sigma,
        Collections.nCopies(mean, .5),
        Collections.nCopies(entries, 1.0),
        Collections.nCopies(path, .0),
        Collections.nCopies(mean, .0));
  }

  @Test
  void whatIsNoStateIsRefused() {
    assertThat(of(0, .1, 2, 3, 2).mean()).hasSize(2);
    assertThatThrownBy(() -> of(-1, .1, 2, 3, 2)).hasMessageContaining("generation is -1");
    assertThatThrownBy(() -> of(0, 0, 2, 3, 2)).hasMessageContaining("sigma is 0.0");
    assertThatThrownBy(() -> of(0, Double.NaN, 2, 3, 2)).hasMessageContaining("sigma is NaN");
    assertThatThrownBy(() -> of(0, .1, 0, 0, 0)).hasMessageContaining("in 0 dimensions");
    assertThatThrownBy(() -> of(0, .1, 2, 4, 2)).hasMessageContaining("4 entries of 3");
    assertThatThrownBy(() -> of(0, .1, 2, 3, 1)).hasMessageContaining("paths have 1 and 2");
    List<Double> one = List.of(1.0);
    assertThatThrownBy(() -> new SearchState(0, 1, List.of(Double.NaN), one, one, one))
        .hasMessageContaining("not all finite");
  }
}
