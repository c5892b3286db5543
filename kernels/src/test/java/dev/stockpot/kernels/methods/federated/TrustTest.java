package dev.stockpot.kernels.methods.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.method.Judgement.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clients beside a model that the server trained itself, which here goes two to the right. */
class TrustTest {
  private static final String OWN = "it is the server's own, which others are measured by";
  private static final String OTHER_WAY = "it goes another way than the server's own";
  private static final double[] SERVERS = {2, 0};

  private static List<Verdict> told(int trusted, Clients clients) {
    Clients.Told told = clients.new Told();
    Shares shares = new Trust(trusted).of(clients, told);
    for (int client : shares.clients()) {
      told.weight(client, shares.weightOf(client));
    }
    assertThat(shares.isWhole()).isFalse();
    return told.judgement(Map.of()).verdicts();
  }

  @Test
  void clientsCountByTheirCosineAtTheServersLength() {
    double[] sideways = {3, 4}; // cosine .6, length 5
    double[] along = {4, 0};
    List<Verdict> verdicts = told(1, Points.of(sideways, SERVERS, along));

    assertThat(verdicts.get(0).score()).isCloseTo(0.6, within(1e-15));
    assertThat(verdicts.get(2).score()).isEqualTo(1);
    assertThat(verdicts.get(0).weight()).isCloseTo(0.6 / 1.6 * 2 / 5, within(1e-15));
    assertThat(verdicts.get(2).weight()).isCloseTo(1 / 1.6 * 2 / 4, within(1e-15));
    assertThat(verdicts).extracting(Verdict::why).containsExactly("", OWN, "");
    assertThat(verdicts.get(1).weight()).isZero();
    assertThat(verdicts.get(1).score()).isNaN();
  }

  @Test
  void whoGoesAcrossOrBackOrNowhereIsLeftOut() {
    double[] across = {0, 5};
    double[] back = {-1, 0};
    double[] nowhere = {0, 0};
    double[] along = {1, 0};
    List<Verdict> verdicts = told(0, Points.of(SERVERS, across, back, nowhere, along));

    assertThat(verdicts)
        .extracting(Verdict::why)
        .containsExactly(OWN, OTHER_WAY, OTHER_WAY, OTHER_WAY, "");
    assertThat(verdicts)
        .extracting(Verdict::score)
        .containsExactly(Double.NaN, 0.0, -1.0, 0.0, 1.0);
    assertThat(verdicts).extracting(Verdict::weight).containsExactly(0.0, 0.0, 0.0, 0.0, 2.0);
  }

  @Test
  void aServerThatWentNowhereFollowsNobody() {
    List<Verdict> verdicts = told(0, Points.of(new double[2], new double[] {1, 0}));

    assertThat(verdicts.get(1).weight()).isZero();
    assertThat(verdicts.get(1).why()).isEqualTo(OTHER_WAY);
  }

  @Test
  void aBrokenClientIsToldAsBroken() {
    List<Verdict> verdicts = told(0, Points.of(SERVERS, new double[] {Double.NaN, 0}, SERVERS));

    assertThat(verdicts).extracting(Verdict::why).containsExactly(OWN, Clients.BROKEN, "");
    assertThat(verdicts).extracting(Verdict::weight).containsExactly(0.0, 0.0, 1.0);
  }

  /** Nothing measures the others then: they are left out, and why is told of each. */
  @Test
  void byABrokenModelOfTheServerNobodyIsAccepted() {
    List<Verdict> verdicts = told(1, Points.of(SERVERS, new double[] {Double.NaN, 0}, SERVERS));

    assertThat(verdicts).extracting(Verdict::weight).containsOnly(0.0);
    assertThat(verdicts).extracting(Verdict::isAccepted).containsOnly(false);
    assertThat(verdicts.get(1).why()).isEqualTo(Clients.BROKEN);
    assertThat(verdicts.get(0).why())
        .isEqualTo("the server's own, which it would be measured by, holds NaN or infinity");
  }
}
