package dev.stockpot.kernels.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.random.Initialisation.Fan;
import dev.stockpot.kernels.random.Initialisation.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What new tensors are filled with, beside what {@code torch.nn.init} says. */
class InitialisationTest {
  private static final int COUNT = 200_000;
  private static final List<Long> MATRIX = List.of(400L, 500L);
  private static final List<Long> CONVOLUTION = List.of(64L, 32L, 3L, 5L);

  private static final List<Initialisation> KINDS =
      List.of(
          Initialisation.all(0.25),
          Initialisation.uniform(0, 1),
          Initialisation.normal(0, 1),
          Initialisation.scaledUniform(1, Fan.BOTH),
          Initialisation.scaledNormal(1, Fan.IN),
          Initialisation.orthogonal(1),
          Initialisation.identity());

  private static float[] drawn(Initialisation initialisation, List<Long> shape, long seed) {
    float[] numbers = new float[COUNT];
    initialisation.numbers(seed, "fc.weight", shape).fill(0, numbers);
    return numbers;
  }

  private static double mean(float[] numbers) {
    double sum = 0;
    for (float number : numbers) {
      sum += number;
    }
    return sum / numbers.length;
  }

  /** The k-th moment about the mean. */
  private static double moment(float[] numbers, int k) {
    double mean = mean(numbers);
    double sum = 0;
    for (float number : numbers) {
      sum += Math.pow(number - mean, k);
    }
    return sum / numbers.length;
  }

  static List<Arguments> spreads() {
    double relu = Math.sqrt(2);
    double tanh = 5 / 3.0;
    double xavier = Math.sqrt(2 / 900.0);
    return List.of(
        Arguments.of(Initialisation.normal(0.5, 0.02), MATRIX, 0.5, 0.02),
        Arguments.of(Initialisation.uniform(-1, 3), MATRIX, 1.0, 4 / Math.sqrt(12)),
        Arguments.of(Initialisation.scaledUniform(1, Fan.BOTH), MATRIX, 0.0, xavier),
        Arguments.of(Initialisation.scaledNormal(1, Fan.BOTH), MATRIX, 0.0, xavier),
        Arguments.of(Initialisation.scaledUniform(relu, Fan.IN), MATRIX, 0.0, Math.sqrt(2 / 500.0)),
        Arguments.of(Initialisation.scaledNormal(relu, Fan.OUT), MATRIX, 0.0, Math.sqrt(2 / 400.0)),
        // each input is seen through 3 x 5 places
        Arguments.of(
            Initialisation.scaledNormal(relu, Fan.IN), CONVOLUTION, 0.0, Math.sqrt(2 / 480.0)),
        Arguments.of(
            Initialisation.scaledUniform(tanh, Fan.BOTH),
            CONVOLUTION,
            0.0,
            tanh * Math.sqrt(2 / (96.0 * 15))));
  }

  @ParameterizedTest
  @MethodSource("spreads")
  void meansAndDeviationsAreThoseOfTheDefinition(
      Initialisation initialisation, List<Long> shape, double mean, double deviation) {
    float[] numbers = drawn(initialisation, shape, 1);
    double error = deviation / Math.sqrt(COUNT);
    assertThat(mean(numbers)).isCloseTo(mean, within(4 * error));
    assertThat(Math.sqrt(moment(numbers, 2))).isCloseTo(deviation, within(4 * error));
  }

  @Test
  void normalNumbersHaveNormalTails() {
    float[] numbers = drawn(Initialisation.normal(0, 1), MATRIX, 3);
    assertThat(moment(numbers, 3)).isCloseTo(0, within(4 * Math.sqrt(15.0 / COUNT)));
    assertThat(moment(numbers, 4)).isCloseTo(3, within(4 * Math.sqrt(96.0 / COUNT)));
    int beyondTwo = 0;
    for (float number : numbers) {
      beyondTwo += Math.abs(number) > 2 ? 1 : 0;
    }
    assertThat(beyondTwo / (double) COUNT).isCloseTo(0.0455, within(0.002));
  }

  @Test
  void uniformNumbersFillTheirIntervalEvenly() {
    int[] tenths = new int[10];
    for (float number : drawn(Initialisation.uniform(2, 4), MATRIX, 5)) {
      assertThat(number).isGreaterThanOrEqualTo(2f).isLessThan(4f);
      tenths[(int) ((number - 2) * 5)]++;
    }
    for (int tenth : tenths) {
      assertThat(tenth).isBetween(COUNT / 10 - 600, COUNT / 10 + 600); // 4.5 deviations
    }
  }

  @Test
  void boundsOfXavierAreNotPassed() {
    float bound = (float) Math.sqrt(6 / 900.0);
    for (float number : drawn(Initialisation.scaledUniform(1, Fan.BOTH), MATRIX, 9)) {
      assertThat(Math.abs(number)).isLessThanOrEqualTo(bound);
    }
  }

  @Test
  void drawsDoNotHangOnHowATensorIsCut() {
    for (Initialisation each : KINDS) {
      Numbers numbers = each.numbers(11, "w", MATRIX);
      float[] whole = new float[1_000];
      numbers.fill(0, whole);
      for (int cut : new int[] {1, 7, 64, 999}) {
        float[] part = new float[1_000 - cut];
        numbers.fill(cut, part);
        for (int i = 0; i < part.length; i++) {
          assertThat(part[i]).as("%s from %s", each, cut).isEqualTo(whole[cut + i]);
        }
      }
    }
  }

  @Test
  void everyKindHasATest() {
    assertThat(KINDS).extracting(Initialisation::kind).containsExactly(Kind.values());
  }

  @Test
  void seedsAndNamesGiveOtherDraws() {
    Initialisation normal = Initialisation.normal(0, 1);
    float[] first = new float[4];
    float[] second = new float[4];
    float[] third = new float[4];
    normal.numbers(1, "a", MATRIX).fill(0, first);
    normal.numbers(2, "a", MATRIX).fill(0, second);
    normal.numbers(1, "b", MATRIX).fill(0, third);
    assertThat(first).isNotEqualTo(second).isNotEqualTo(third);
  }

  /** By the definition, with the platform's own functions. */
  @Test
  void normalNumbersAreThoseOfBoxAndMuller() {
    float[] numbers = new float[3];
    Initialisation.normal(0, 1).numbers(42, "fc.weight", MATRIX).fill(0, numbers);
    RandomStream lengths = RandomStream.of(42, RandomStream.OUTPUT, "fc.weight");
    RandomStream angles = RandomStream.of(42, RandomStream.OUTPUT, "fc.weight turned");
    for (int i = 0; i < numbers.length; i++) {
      double u = (Integer.toUnsignedLong(draw(lengths, i)) + 0.5) / 4294967296.0;
      double v = Integer.toUnsignedLong(draw(angles, i)) / 4294967296.0;
      double expected = Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
      assertThat((double) numbers[i]).isCloseTo(expected, within(1e-6));
    }
  }

  private static int draw(RandomStream stream, long element) {
    return RandomStream.draw((int) element, stream.firstKey(element), stream.secondKey(element));
  }

  @Test
  void theIdentityHasOnesOnItsDiagonalAlone() {
    float[] numbers = new float[6];
    Initialisation.identity().numbers(0, "w", List.of(2L, 3L)).fill(0, numbers);
    assertThat(numbers).containsExactly(1, 0, 0, 0, 1, 0);
    Initialisation.identity().numbers(0, "w", List.of(3L, 2L)).fill(0, numbers);
    assertThat(numbers).containsExactly(1, 0, 0, 1, 0, 0);
  }

  @Test
  void aConstantIsTheSameEverywhere() {
    float[] numbers = new float[3];
    Initialisation.all(0.1).numbers(0, "w", List.of(3L)).fill(5, numbers);
    assertThat(numbers).containsExactly(0.1f, 0.1f, 0.1f);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"SCALED_UNIFORM", "SCALED_NORMAL", "ORTHOGONAL", "IDENTITY"})
  void vectorsHaveNoInputs(Kind kind) {
    Initialisation initialisation = new Initialisation(kind, 1, 0, Fan.IN);
    assertThat(initialisation.problem(List.of(5L))).isPresent();
    assertThat(initialisation.problem(List.of(5L, 0L))).isPresent();
    assertThat(initialisation.problem(List.of(5L, 2L))).isEmpty();
    assertThatThrownBy(() -> initialisation.numbers(0, "bias", List.of(5L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("bias: ");
  }

  @Test
  void onlyAMatrixHasADiagonal() {
    assertThat(Initialisation.identity().problem(List.of(2L, 3L, 4L))).isPresent();
    assertThat(Initialisation.orthogonal(1).problem(List.of(2L, 3L, 4L))).isEmpty();
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> Initialisation.uniform(1, 1)).hasMessageContaining("must go up");
    assertThatThrownBy(() -> Initialisation.normal(0, -1)).hasMessageContaining("-1.0");
    assertThatThrownBy(() -> Initialisation.all(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> Numbers.between(0, "t", 2, 1)).hasMessageContaining("must go up");
    assertThatThrownBy(() -> Numbers.normal(0, "t", 0, Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> Numbers.diagonal(0)).hasMessageContaining("0 columns");
  }

  @Test
  void itIsSaidInWords() {
    assertThat(KINDS)
        .extracting(Initialisation::words)
        .containsExactly(
            "all 0.25",
            "uniform from 0.0 to 1.0",
            "normal, mean 0.0, deviation 1.0",
            "xavier uniform, gain 1.0",
            "kaiming normal, gain 1.0",
            "orthogonal, gain 1.0",
            "identity");
  }
}
