package dev.stockpot.kernels.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TensorTermsTest {
  private static final SideInput FISHER =
      SideInput.required("fisher", Parameter.Scope.MODEL, Set.of(DType.F32), "For tests.");
  private static final SideInput MASK =
      SideInput.optional("mask", Parameter.Scope.MERGE, Set.of(DType.F32), "For tests.");

  private static TensorTerms terms(int models, OptionalInt base, SideInput.Given... sides) {
    return new TensorTerms(
        "w",
        Shape.of(4),
        0.5,
        Collections.nCopies(models, ParameterValues.NONE),
        base,
        ParameterValues.NONE,
        1,
        List.of(sides),
        TensorRole.INNER);
  }

  @Test
  void sideInputsFollowTheModelsAmongTheOperands() {
    TensorTerms terms =
        terms(
            3,
            OptionalInt.of(0),
            SideInput.Given.of(FISHER, 1),
            SideInput.Given.of(FISHER, 2),
            SideInput.Given.of(MASK));

    assertThat(terms.sideOf(FISHER, 1)).hasValue(3);
    assertThat(terms.sideOf(FISHER, 2)).hasValue(4);
    assertThat(terms.sideOf(MASK)).hasValue(5);
  }

  @Test
  void aSideInputThatIsNotThereHasNoPlace() {
    TensorTerms terms = terms(2, OptionalInt.empty(), SideInput.Given.of(FISHER, 1));

    assertThat(terms.sideOf(FISHER, 0)).isEmpty();
    assertThat(terms.sideOf(FISHER)).as("of the whole merge").isEmpty();
    assertThat(terms.sideOf(MASK)).isEmpty();
  }

  @Test
  void factsAreFoundByThePlaceOfTheOperand() {
    SideInput.Facts facts = new SideInput.Facts(Shape.of(4), 300, true, false);
    TensorTerms terms =
        terms(
            2,
            OptionalInt.empty(),
            SideInput.Given.of(FISHER, 0),
            SideInput.Given.of(FISHER, 1).with(facts));

    assertThat(terms.factsAt(terms.sideOf(FISHER, 1).getAsInt())).isEqualTo(facts);
  }

  @Test
  void theBaseIsNoneOfThoseBesideIt() {
    assertThat(terms(3, OptionalInt.of(1)).besideBase()).containsExactly(0, 2);
    assertThat(terms(3, OptionalInt.empty()).besideBase()).containsExactly(0, 1, 2);
    assertThat(terms(3, OptionalInt.of(1)).baseOf("m")).isEqualTo(1);
  }

  @Test
  void aMethodThatCannotDoWithoutABaseIsNamed() {
    assertThatThrownBy(() -> terms(2, OptionalInt.empty()).baseOf("ties"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ties has no base model");
  }

  @Test
  void refusesTermsWithoutInputsOrWithABaseThatIsNone() {
    assertThatThrownBy(() -> terms(0, OptionalInt.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("w has no inputs");
    assertThatThrownBy(() -> terms(2, OptionalInt.of(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("base is input 2 of 2");
  }
}
