package dev.stockpot.kernels.methods.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much counts of rests and heads, by hand from their inner products. */
class ResidualWeightsTest {
  private static final Offset<Double> ROUNDING = within(1e-7); // of norms, 1e-8 is added to
  private static final double[][] NONE = new double[2][2];

  private static double[][] pair(double square, double product) {
    return new double[][] {{square, product}, {product, square}};
  }

  private static double[] rests(boolean isTrusted, double[][] gram) {
    return ResidualWeights.of(gram, new double[gram.length][gram.length], isTrusted).rests();
  }

  @Test
  void restsOfOneDirectionAreAveragedAtTheirNorm() {
    assertThat(rests(true, pair(4, 4))).containsExactly(new double[] {0.5, 0.5}, ROUNDING);
    assertThat(rests(false, pair(4, 4))).containsExactly(new double[] {0.5, 0.5}, ROUNDING);
  }

  /** Lengths 1 and 3: each direction counts once, and the mean of both lengths is 2. */
  @Test
  void alongOneDirectionTheMeanLengthIsWhatComesOut() {
    double[] factors = rests(true, new double[][] {{1, 3}, {3, 9}});

    assertThat(factors).containsExactly(new double[] {1, 1.0 / 3}, ROUNDING);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, -1})
  void restsThatDoNotAgreeAreAveragedPlainly(double product) {
    assertThat(rests(true, pair(1, product))).containsExactly(0.5, 0.5);
  }

  /** Of a cosine of .28 the sum of both is 1.6 long, and each is as near to it as .8. */
  @Test
  void agreementLowersTheExponentWhereItIsBelieved() {
    double sure = (0.64 + 0.9) / 2;
    double exponent = 1 - 0.3 * sure;

    assertThat(rests(false, pair(1, 0.28))[0]).isCloseTo(0.8 / 1.6, ROUNDING);
    assertThat(rests(true, pair(1, 0.28))[0])
        .isCloseTo(Math.pow(0.8, exponent) / 1.6, ROUNDING)
        .isGreaterThan(0.8 / 1.6);
  }

  @Test
  void ofOneModelTheRestIsItself() {
    ResidualWeights weights = ResidualWeights.of(new double[][] {{9}}, new double[][] {{4}}, true);

    assertThat(weights.rests()).containsExactly(1);
    // its head is a fifth as long as the rest
    assertThat(weights.heads()).containsExactly(new double[] {0.2 * 3 / 2}, ROUNDING);
  }

  @Test
  void aModelWithoutARestCountsInTheMeanAlone() {
    double[] factors = rests(true, new double[][] {{1, 0, 1}, {0, 0, 0}, {1, 0, 1}});

    // two of three are as near as 1, one as 0: 2/3 is above 1/√3, and agreement is 1/3
    double exponent = 1 - 0.3 * ((2.0 / 3 + 5.0 / 6) / 2);
    double each = Math.pow(2.0 / 3, exponent) * (2.0 / 3) / 2;
    assertThat(factors).containsExactly(new double[] {each, 0, each}, ROUNDING);
  }

  @Test
  void headsThatAgreeAreAFifthAsLongAsWhatTheRestsMake() {
    // rests: one direction, length 2; heads: cosine .6, length 5 each, and 8.944 in sum
    ResidualWeights weights = ResidualWeights.of(pair(4, 4), pair(25, 15), false);
    double expected = 0.2 * 0.6 * 2 / Math.sqrt(80);

    assertThat(weights.heads()).containsExactly(new double[] {expected, expected}, ROUNDING);
  }

  @Test
  void headsThatGoApartOrAreNoneCountNothing() {
    assertThat(ResidualWeights.of(pair(4, 4), pair(25, -15), true).heads()).containsExactly(0, 0);
    assertThat(ResidualWeights.of(pair(4, 4), NONE, true).heads()).containsExactly(0, 0);
    assertThat(ResidualWeights.of(pair(4, 4), pair(25, -25), true).heads()).containsExactly(0, 0);
  }

  @Test
  void whereNothingIsLeftHeadsHaveNothingToBeMeasuredBy() {
    ResidualWeights weights = ResidualWeights.of(NONE, pair(25, 25), true);

    assertThat(weights.rests()).containsExactly(0.5, 0.5);
    assertThat(weights.heads()).containsExactly(0, 0);
  }
}
