package dev.stockpot.kernels.methods.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps from the server's model that no client pulls far, beside the same on the vectors. */
class CenteredClippingTest {
  private static final double[][] POINTS = {{1, 2, 0}, {2, 1, 1}, {-90, 40, 7}, {1, 1, 1}};

  /** Karimireddy et al., on the vectors themselves. */
  private static double[] plainly(double radius, int iterations, double[]... points) {
    double[] centre = new double[points[0].length];
    for (int i = 0; i < iterations; i++) {
      double[] next = centre.clone();
      for (double[] point : points) {
        double far = 0;
        for (int k = 0; k < centre.length; k++) {
          far += Math.pow(point[k] - centre[k], 2);
        }
        double pull = Math.min(1, radius / Math.sqrt(far)) / points.length;
        for (int k = 0; k < centre.length; k++) {
          next[k] += pull * (point[k] - centre[k]);
        }
      }
      centre = next;
    }
    return centre;
  }

  private static Shares shares(double radius, int iterations, Clients clients) {
    return new CenteredClipping(radius, iterations).of(clients, clients.new Told());
  }

  @ParameterizedTest
  @CsvSource({"0.5,1", "2,3", "5,10", "1000,2"})
  void weightsAreThoseOfTheStepsOnTheVectors(double radius, int iterations) {
    Shares shares = shares(radius, iterations, Points.of(POINTS));
    double[] expected = plainly(radius, iterations, POINTS);

    assertThat(shares.isWhole()).isFalse();
    for (int k = 0; k < 3; k++) {
      double made = 0;
      for (int i = 0; i < POINTS.length; i++) {
        made += shares.weightOf(i) * POINTS[i][k];
      }
      assertThat(made).isCloseTo(expected[k], within(1e-9));
    }
  }

  @Test
  void withoutARadiusItIsTheMedianOfDistances() {
    assertThat(shares(0, 2, Points.line(1, 2, 50))).isEqualTo(shares(2, 2, Points.line(1, 2, 50)));
    assertThat(shares(0, 2, Points.line(1, 2, 5, 50)))
        .isEqualTo(shares(3.5, 2, Points.line(1, 2, 5, 50)));
  }

  @Test
  void brokenClientsNeitherPullNorSetTheRadius() {
    Shares shares = shares(0, 3, Points.line(1, Double.NaN, 2, 50));

    assertThat(shares.clients()).containsExactly(0, 2, 3);
    assertThat(shares.weights()).isEqualTo(shares(0, 3, Points.line(1, 2, 50)).weights());
  }

  @Test
  void clientsThatChangeNothingLeaveTheServersModel() {
    assertThat(shares(0, 3, Points.line(0, 0)).clients()).containsExactly(0, 1);
    double whole = 0;
    for (double weight : shares(0, 3, Points.line(0, 0)).weights()) {
      assertThat(weight).isFinite();
      whole += weight;
    }
    assertThat(whole).isCloseTo(1, within(1e-12)); // of the server's model nothing is needed
  }

  @Test
  void ofNobodyNobodyCounts() {
    assertThat(shares(0, 3, Points.line(Double.NaN))).isEqualTo(Shares.free(List.of(), List.of()));
  }
}
