package dev.stockpot.kernels.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.method.Arity.Base;
import dev.stockpot.kernels.number.Shape;
import java.util.Collections;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArityTest {
  private static TensorTerms terms(int inputs, OptionalInt base) {
    return new TensorTerms(
        "w",
        Shape.of(2),
        0,
        Collections.nCopies(inputs, ParameterValues.NONE),
        base,
        ParameterValues.NONE,
        0);
  }

  @ParameterizedTest
  @CsvSource({
    "DONOR, false, false",
    "ORIGIN, true, true",
    "ORIGIN_IF_GIVEN, false, true",
    "ONE_OF_THEM, true, false"
  })
  void theBaseSaysWhetherItIsNeededAndWhatItIs(Base base, boolean needed, boolean isOrigin) {
    Arity arity = new Arity(base, 1, Arity.ANY);

    assertThat(arity.needsBase()).isEqualTo(needed);
    assertThat(arity.takesOrigin()).isEqualTo(isOrigin);
  }

  @Test
  void anOriginIsNoneOfTheModelsThatAreCounted() {
    Arity two = new Arity(Base.ORIGIN, 2, 2);

    assertThatCode(() -> two.check("m", terms(3, OptionalInt.of(0)))).doesNotThrowAnyException();
    assertThatThrownBy(() -> two.check("m", terms(2, OptionalInt.of(0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("m of w has 1 models, takes 2 to 2");
  }

  @Test
  void aBaseThatIsOneOfThemIsCounted() {
    Arity two = new Arity(Base.ONE_OF_THEM, 2, 2);

    assertThatCode(() -> two.check("m", terms(2, OptionalInt.of(1)))).doesNotThrowAnyException();
  }

  @Test
  void anOriginThatMayBeMissingIsCountedOutOnlyWhereItIs() {
    Arity one = new Arity(Base.ORIGIN_IF_GIVEN, 1, 1);

    assertThatCode(() -> one.check("m", terms(1, OptionalInt.empty()))).doesNotThrowAnyException();
    assertThatCode(() -> one.check("m", terms(2, OptionalInt.of(0)))).doesNotThrowAnyException();
  }

  @Test
  void aMethodWithoutMostTakesAnyNumber() {
    Arity any = new Arity(Base.DONOR, 2, Arity.ANY);

    assertThatCode(() -> any.check("m", terms(100, OptionalInt.empty())))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> any.check("m", terms(1, OptionalInt.empty())))
        .hasMessage("m of w has 1 models, takes 2 to any number");
  }

  @ParameterizedTest
  @CsvSource({"0, 3", "3, 2", "-1, -1"})
  void refusesNumbersThatAreNone(int fewest, int most) {
    assertThatThrownBy(() -> new Arity(Base.DONOR, fewest, most))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("%s to %s models", fewest, most);
  }
}
