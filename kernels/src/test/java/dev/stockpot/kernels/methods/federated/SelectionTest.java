package dev.stockpot.kernels.methods.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.method.Judgement.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose neighbours are nearest, by hand, of points on a line. */
class SelectionTest {
  private static final String FAR = "its neighbours are farther away than those of others";

  private static List<Integer> chosen(
      int byzantine, boolean isIterated, int count, Clients clients) {
    return new Selection(byzantine, isIterated).of(clients, count, clients.new Told());
  }

  /** Of 0, 1, 3, 6 and 10 the three nearest are 46, 30, 22, 50 and 146 away in squares. */
  @Test
  void oneLookTakesTheLeastScoresInTheOrderOfClients() {
    Clients clients = Points.line(0, 1, 3, 6, 10);
    Clients.Told told = clients.new Told();

    assertThat(new Selection(0, false).of(clients, 3, told)).containsExactly(0, 1, 2);
    List<Verdict> verdicts = told.judgement(Map.of()).verdicts();
    assertThat(verdicts)
        .extracting(Verdict::score)
        .containsExactly(1.0 + 9 + 36, 1.0 + 4 + 25, 4.0 + 9 + 9, 9.0 + 16 + 25, 16.0 + 49 + 81);
    assertThat(verdicts).extracting(Verdict::why).containsExactly("", "", "", FAR, FAR);
  }

  /** Without 3 and 1, which are best in turn, each of 0, 6 and 10 has one neighbour: 6 is first. */
  @Test
  void iteratedItLooksAgainWithoutTheBest() {
    Clients clients = Points.line(0, 1, 3, 6, 10);

    assertThat(chosen(0, true, 2, clients)).containsExactly(1, 2);
    assertThat(chosen(0, true, 3, clients)).containsExactly(1, 2, 3);
    assertThat(chosen(0, true, 5, clients)).containsExactly(0, 1, 2, 3, 4);
    assertThat(chosen(0, true, 9, clients)).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void ofEqualScoresOneLookTakesTheNearerToTheServerAndIteratedTheFirst() {
    Clients clients = Points.line(3, 2, 1); // each has a neighbour at 1

    assertThat(chosen(0, false, 1, clients)).containsExactly(2);
    assertThat(chosen(0, true, 1, clients)).containsExactly(0);
  }

  @Test
  void ofEquallyFarOnesTheSmallerChecksumCountsWhateverTheirOrder() {
    Clients twins = Points.line(-1, 1);
    Clients turned = new Clients(List.of(1, 2), List.of(), twins.squared(), List.of(100, 102, 101));

    assertThat(chosen(0, false, 1, twins)).containsExactly(0);
    assertThat(chosen(0, false, 1, turned)).containsExactly(1);
    assertThat(chosen(0, true, 1, turned)).containsExactly(0);
  }

  /** With f of 1 four clients have one neighbour each that counts; told of a broken one, two. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void brokenClientsAreAmongTheHostile(boolean isIterated) {
    Clients clients = Points.line(4, 5, Double.NaN, 0, 20);
    Clients.Told told = clients.new Told();

    assertThat(new Selection(1, isIterated).of(clients, 2, told)).containsExactly(0, 1);
    List<Verdict> verdicts = told.judgement(Map.of()).verdicts();
    assertThat(verdicts)
        .extracting(Verdict::score)
        .containsExactly(1.0 + 16, 1.0 + 25, Double.NaN, 16.0 + 25, 15.0 * 15 + 16 * 16);
    assertThat(verdicts).extracting(Verdict::why).containsExactly("", "", Clients.BROKEN, FAR, FAR);
  }

  @Test
  void moreBrokenThanHostileOnesLeaveNobodyMoreHostile() {
    Clients clients = Points.line(0, Double.NaN, Double.NaN, 1, 7);
    Clients.Told told = clients.new Told();

    assertThat(new Selection(1, false).of(clients, 1, told)).containsExactly(0);
    assertThat(told.judgement(Map.of()).verdicts().get(4).score()).isEqualTo(36);
  }

  @Test
  void ofNobodyNobodyIsChosen() {
    Clients clients = Points.line(Double.NaN, Double.NaN);

    assertThat(chosen(0, true, 1, clients)).isEmpty();
    assertThat(chosen(0, false, 1, clients)).isEmpty();
  }

  @Test
  void krumCountsTheChosenByTheirExamples() {
    Clients clients = Points.line(0, 1, 3, 6, 10);
    Krum two = new Krum(new Selection(0, false), 2, List.of(9.0, 1.0, 3.0, 9.0, 9.0));
    Shares shares = two.of(clients, clients.new Told());

    assertThat(shares.clients()).containsExactly(1, 2);
    assertThat(shares.weights()).containsExactly(0.25, 0.75);
    assertThat(shares.isWhole()).isTrue();
  }

  @Test
  void krumTakesAllThatAreSoundWhereTheyAreFewerThanWanted() {
    Clients clients = Points.line(1, Double.NaN, 3);
    Krum three = new Krum(new Selection(0, false), 3, List.of(1.0, 1.0, 1.0));

    assertThat(three.of(clients, clients.new Told()).clients()).containsExactly(0, 2);
  }

  @Test
  void theGeometricMedianCountsByExamplesAndLeavesBrokenOnesOut() {
    Rfa rfa = new Rfa(List.of(5.0, 1.0, 100.0, 1.0), 500, 0, 1e-9);
    Clients clients = Points.line(4, 6, Double.NaN, 90);
    Shares shares = rfa.of(clients, clients.new Told());

    assertThat(shares.clients()).containsExactly(0, 1, 3);
    assertThat(shares.weightOf(0)).isCloseTo(1, within(1e-6)); // five of seven examples
    assertThat(shares.isWhole()).isTrue();
  }

  @Test
  void theGeometricMedianStopsAfterItsSteps() {
    Rfa one = new Rfa(List.of(2.0, 1.0, 1.0), 1, 0, 1e-9);
    Clients clients = Points.line(0, 2, 9);
    // the mean is 2.75, so that weights are as 2 / 2.75, 1 / .75 and 1 / 6.25
    double total = 2 / 2.75 + 1 / .75 + 1 / 6.25;

    assertThat(one.of(clients, clients.new Told()).weightOf(1))
        .isCloseTo(1 / .75 / total, within(1e-12));
  }

  @Test
  void theGeometricMedianOfNobodyIsTheServersModel() {
    Clients clients = Points.line(Double.NaN);
    Shares shares = new Rfa(List.of(1.0), 10, 0, 1e-6).of(clients, clients.new Told());

    assertThat(shares).isEqualTo(Shares.free(List.of(), List.of()));
  }
}
