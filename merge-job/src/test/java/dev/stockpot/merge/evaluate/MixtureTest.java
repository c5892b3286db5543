package dev.stockpot.merge.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Mixtures are the same if they hold the same shares of the same models. */
class MixtureTest {
  private static final List<String> BOTH = List.of("a", "b");

  @Test
  void withoutWeightsAllCountTheSame() {
    assertThat(Mixture.of(List.of("a", "b", "c", "d"), List.of()).shares())
        .containsOnly(
            entry("a", 250_000L), entry("b", 250_000L), entry("c", 250_000L), entry("d", 250_000L));
    assertThat(Mixture.of(BOTH, List.of(7.0, 7.0))).isEqualTo(Mixture.of(BOTH, List.of()));
  }

  @Test
  void weightsAreSharesWhateverTheirSum() {
    assertThat(Mixture.of(BOTH, List.of(3.0, 1.0)).shares())
        .containsOnly(entry("a", 750_000L), entry("b", 250_000L));
    assertThat(Mixture.of(BOTH, List.of(0.3, 0.1))).isEqualTo(Mixture.of(BOTH, List.of(3.0, 1.0)));
  }

  @Test
  void theOrderOfModelsIsNoDifference() {
    assertThat(Mixture.of(List.of("b", "a"), List.of(1.0, 3.0)))
        .isEqualTo(Mixture.of(BOTH, List.of(3.0, 1.0)))
        .isNotEqualTo(Mixture.of(BOTH, List.of(1.0, 3.0)));
  }

  @Test
  void aModelThatIsThereTwiceHasBothItsShares() {
    assertThat(Mixture.of(List.of("a", "b", "a"), List.of()))
        .isEqualTo(Mixture.of(BOTH, List.of(2.0, 1.0)));
    assertThat(Mixture.of(List.of("a", "a"), List.of(0.1, 0.4)))
        .isEqualTo(Mixture.of(List.of("a"), List.of()));
  }

  /** The ends of a line are models by themselves, and may be written with the other at nothing. */
  @Test
  void aModelThatCountsForNothingIsNotThere() {
    assertThat(Mixture.of(BOTH, List.of(1.0, 0.0))).isEqualTo(Mixture.of(List.of("a"), List.of()));
    assertThat(Mixture.of(BOTH, List.of(1.0, 1e-9))).isEqualTo(Mixture.of(List.of("a"), List.of()));
  }
}
