package dev.stockpot.kernels.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SideInputTest {
  private static final SideInput FISHER =
      SideInput.required("fisher_diag", Parameter.Scope.MODEL, Set.of(DType.F32), "For tests.");
  private static final SideInput GRAM =
      SideInput.alternative("gram", Set.of(DType.F32, DType.F64), StatisticLayout.GRAM, "Tests.");

  @Test
  void aFileOfAdamsSecondMomentsCanStandForNumbersOfElements() {
    assertThat(FISHER.isKind("fisher_diag")).isTrue();
    assertThat(FISHER.isKind("adam_v")).isTrue();
    assertThat(FISHER.isKind("exp_avg_sq")).isTrue();
    assertThat(FISHER.isKind("gram")).isFalse();
  }

  @Test
  void noFileOfAdamStandsForAGramMatrix() {
    assertThat(GRAM.isKind("gram")).isTrue();
    assertThat(GRAM.isKind("exp_avg_sq")).isFalse();
  }

  @Test
  void typesThatItMayHaveAreNamedWhereItHasAnother() {
    assertThat(GRAM.problemWith(DType.F64)).isEmpty();
    assertThat(GRAM.problemWith(DType.BF16))
        .hasValueSatisfying(
            problem -> assertThat(problem).startsWith("is BF16, but gram must be one of ["));
  }

  @Test
  void whichIsNeededIsSaid() {
    assertThat(FISHER.isRequired()).isTrue();
    assertThat(GRAM.isRequired()).isFalse();
  }

  @Test
  void refusesTypesThatCannotBeRead() {
    assertThatThrownBy(
            () ->
                SideInput.optional("mask", Parameter.Scope.MERGE, Set.of(DType.I64), "For tests."))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("side input mask may be of [I64], must be some of ");
    assertThatThrownBy(
            () -> SideInput.optional("mask", Parameter.Scope.MERGE, Set.of(), "For tests."))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesSamplesThatNobodyCanCount(double count) {
    assertThatThrownBy(() -> new SideInput.Facts(Shape.of(2), count, false, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a statistic of %s samples", count);
  }

  @Test
  void aSideOutputIsOfATypeThatCanBeStored() {
    assertThat(new SideOutput("m", DType.F32, "For tests.").type()).isEqualTo(DType.F32);
    assertThatThrownBy(() -> new SideOutput("m", DType.I8, "For tests."))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("side output m is I8, which kernels cannot store");
  }
}
