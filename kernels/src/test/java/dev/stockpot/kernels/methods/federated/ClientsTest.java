package dev.stockpot.kernels.methods.federated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.method.Judgement;
import dev.stockpot.kernels.method.Judgement.Verdict;
import dev.stockpot.kernels.statistic.PartialSums;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of clients from sums and checksums, and what is told of them. */
class ClientsTest {
  private static Checksums checksums(int count) {
    return new Checksums(
        IntStream.range(0, count).mapToObj(i -> new Checksums.Piece(100 + i, 4)).toList());
  }

  private static Clients found(boolean isOfPairs, double... sums) {
    ClientScan scan = new ClientScan(2, List.of(0, 1, 3), List.of(3), List.of(4), isOfPairs);
    return Clients.of(scan, new ClientScan.Found(new PartialSums(sums.length, sums), checksums(5)));
  }

  @Test
  void distancesToTheServerComeFirstAndThenThoseOfPairs() {
    Clients clients = found(true, 1, 4, 9, 12, 13, 23);

    assertThat(clients.server()).isEqualTo(3);
    assertThat(clients.squared())
        .isDeepEqualTo(
            new double[][] {{0, 12, 13, 1}, {12, 0, 23, 4}, {13, 23, 0, 9}, {1, 4, 9, 0}});
    assertThat(clients.distance(2)).isEqualTo(3);
  }

  @Test
  void withoutPairsOnlyDistancesToTheServerAreKnown() {
    Clients clients = found(false, 1, 4, 9);

    assertThat(clients.squared())
        .isDeepEqualTo(new double[][] {{0, 0, 0, 1}, {0, 0, 0, 4}, {0, 0, 0, 9}, {1, 4, 9, 0}});
  }

  @Test
  void checksumsAreOfTheServerThenOfClientsThenOfWhatItRemembers() {
    Clients clients = found(false, 1, 4, 9);
    Judgement told = clients.new Told().judgement(Map.of("clip_norm", 2.0));

    assertThat(clients.checksum(2)).isEqualTo(103);
    assertThat(told.base()).isEqualTo(100);
    assertThat(told.states()).containsExactly(104);
    assertThat(told.verdicts()).extracting(Verdict::crc32c).containsExactly(101, 102, 103);
    assertThat(told.verdicts()).extracting(Verdict::input).containsExactly(0, 1, 3);
    assertThat(told.carried()).containsExactly(Map.entry("clip_norm", 2.0));
  }

  @Test
  void aChangeIsToldFromAModelByItsPlaceAmongTheInputs() {
    Clients clients = found(false, 1, 4, 9);

    assertThat(List.of(clients.isDelta(0), clients.isDelta(1), clients.isDelta(2)))
        .containsExactly(false, false, true);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void whoseDistanceIsNoNumberIsNotBelieved(double broken) {
    Clients clients = found(false, 1, broken, 9);

    assertThat(clients.sound()).containsExactly(0, 2);
    assertThat(clients.broken()).isEqualTo(1);
    List<Verdict> verdicts = clients.new Told().judgement(Map.of()).verdicts();
    assertThat(verdicts)
        .extracting(Verdict::why)
        .containsExactly("", "it holds NaN or infinity", "");
    assertThat(verdicts).extracting(Verdict::isAccepted).containsExactly(true, false, true);
  }

  @Test
  void ofSomeClientsTheDistancesStandInTheirOrder() {
    Clients clients = Points.line(1, 4, 9);

    assertThat(clients.between(List.of(2, 0))).isDeepEqualTo(new double[][] {{0, 64}, {64, 0}});
    assertThat(clients.between(List.of(1, clients.server())))
        .isDeepEqualTo(new double[][] {{0, 16}, {16, 0}});
    assertThat(clients.between(List.of())).isEmpty();
  }

  @Test
  void productsOfChangesFollowFromDistances() {
    Clients clients =
        Points.of(new double[] {3, 4}, new double[] {2, -1}, new double[] {-3, -4}, new double[2]);

    assertThat(clients.product(0, 1)).isEqualTo(3 * 2 - 4);
    assertThat(clients.product(1, 2)).isEqualTo(-6 + 4);
    assertThat(clients.product(0, 2)).isEqualTo(-25);
    assertThat(clients.product(0, 3)).isZero();
  }

  @Test
  void whatIsToldOfEachStandsAtItsPlace() {
    Clients clients = Points.line(1, -4);
    Clients.Told told = clients.new Told();
    told.score(1, 0.5).weight(0, 0.25).leftOut(1, "it is late");
    List<Verdict> verdicts = told.judgement(Map.of()).verdicts();

    assertThat(verdicts)
        .containsExactly(
            new Verdict(1, 101, 1, Double.NaN, 0.25, ""),
            new Verdict(2, 102, 4, 0.5, 0, "it is late"));
  }
}
