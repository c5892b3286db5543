package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.linear;
import static dev.stockpot.merge.plan.Planning.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How results are rounded, and where lost updates are counted. */
class RoundingPlanTest {
  private static final String TASK_ARITHMETIC =
      linear("a").replace("linear", "task_arithmetic\nbase_model: b");

  private static Blockwise merge(Planning planning) {
    return (Blockwise) tensor(planning.plan(), "weight").work();
  }

  private static Planning planning(String recipe, DType dtype) {
    return Planning.of(
            recipe,
            ModelHeaders.named("a").tensor("weight", 6),
            ModelHeaders.named("b").tensor("weight", 6))
        .dtype(dtype);
  }

  @ParameterizedTest
  @CsvSource({"BF16, true", "F16, true", "F32, false", "F64, false"})
  void roundsAtRandomOnlyToSixteenBits(DType dtype, boolean expected) {
    assertThat(
            merge(planning(linear("a", "b"), dtype).rounding(Rounding.Mode.STOCHASTIC))
                .rounding()
                .isStochastic())
        .isEqualTo(expected);
    assertThat(merge(planning(linear("a", "b"), dtype)).rounding()).isEqualTo(Rounding.NEAREST);
  }

  @ParameterizedTest
  @CsvSource({"BF16, true", "F16, true", "F32, false", "F64, false"})
  void countsLostUpdatesOfMethodsThatStartFromABase(DType dtype, boolean counts) {
    Blockwise work = merge(planning(TASK_ARITHMETIC, dtype));
    assertThat(work.countsUpdates()).isEqualTo(counts);
    assertThat(work.models().get(work.origin()).place(0).origin()).isEqualTo("b/model.safetensors");
  }

  @Test
  void countsNothingWhereNoModelIsTheOrigin() {
    Blockwise work = merge(planning("base_model: b\n" + linear("a", "b"), DType.BF16));
    assertThat(work.hasOrigin()).isFalse();
    assertThat(work.countsUpdates()).isFalse();
  }
}
