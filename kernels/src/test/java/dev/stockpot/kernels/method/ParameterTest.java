package dev.stockpot.kernels.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.method.Parameter.Scope;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParameterTest {
  private static final Parameter<Double> DENSITY =
      Parameter.optional("density", Scope.MODEL, Range.Numbers.FRACTION, 1.0, "For tests.");
  private static final Parameter<Integer> STEPS =
      Parameter.optional("steps", Scope.MERGE, new Range.Whole(1), 10, "For tests.");
  private static final Parameter<Boolean> NORMALIZE =
      Parameter.required("normalize", Scope.MERGE, new Range.Flag(), "For tests.");

  private static final ParameterValues VALUES =
      new ParameterValues(Map.of("steps", 3.0, "density", 0.25, "normalize", true));

  @Test
  void valuesHaveTheTypeOfTheirParameter() {
    double density = VALUES.get(DENSITY);
    int steps = VALUES.get(STEPS);
    boolean normalize = VALUES.get(NORMALIZE);

    assertThat(density).isEqualTo(0.25);
    assertThat(steps).isEqualTo(3);
    assertThat(normalize).isTrue();
  }

  @Test
  void aValueThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> ParameterValues.NONE.get(DENSITY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parameter density is not among []");
  }

  @Test
  void valuesPrintInOneOrderAndAreNobodysToChange() {
    Map<String, Object> given = new HashMap<>(VALUES.values());
    ParameterValues values = new ParameterValues(given);
    given.put("density", 1.0);

    assertThat(values.values()).hasToString("{density=0.25, normalize=true, steps=3.0}");
    assertThatThrownBy(() -> values.values().put("density", 1.0))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void defaultsArePlainAsARecipeWritesThem() {
    assertThat(STEPS.plainStandard()).contains(10.0);
    assertThat(STEPS.withStandard(7).plainStandard()).contains(7.0);
    assertThat(NORMALIZE.plainStandard()).isEmpty();
    assertThat(NORMALIZE.isRequired()).isTrue();
    assertThat(NORMALIZE.withStandard(false).isRequired()).isFalse();
    assertThat(DENSITY.withMeaning("Another.").meaning()).isEqualTo("Another.");
  }

  @Test
  void refusesADefaultOutOfRange() {
    assertThatThrownBy(() -> DENSITY.withStandard(1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("default 1.5 of density is not a number from 0 to 1");
  }
}
