package dev.stockpot.kernels.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoundingTest {
  @Test
  void roundingToTheNearestHangsOnNoSeed() {
    assertThat(Rounding.of(Rounding.Mode.NEAREST, 1, "w"))
        .isEqualTo(Rounding.of(Rounding.Mode.NEAREST, 2, "v"))
        .isEqualTo(Rounding.NEAREST);
    assertThat(Rounding.NEAREST.isStochastic()).isFalse();
  }

  @Test
  void stochasticRoundingHasDrawsOfTheOutputForEachTensor() {
    Rounding rounding = Rounding.of(Rounding.Mode.STOCHASTIC, 1, "w");

    assertThat(rounding.isStochastic()).isTrue();
    assertThat(rounding.draws()).isEqualTo(RandomStream.of(1, RandomStream.OUTPUT, "w"));
    assertThat(rounding).isNotEqualTo(Rounding.of(Rounding.Mode.STOCHASTIC, 1, "v"));
    assertThat(rounding).isNotEqualTo(Rounding.of(Rounding.Mode.STOCHASTIC, 2, "w"));
  }
}
