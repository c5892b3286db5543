package dev.stockpot.merge.compose;

import static dev.stockpot.merge.compose.Compositions.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.methods.widths.WidthPrograms;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Solved;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Which products carry a tensor to another width: of what, in which order, of which type. */
class CarryingTest {
  private final Map<String, TensorSource> tensors =
      ModelHeaders.named("m")
          .tensor("w", 2, 5)
          .tensor("b", DType.F16, 2)
          .tensor("x", 5)
          .tensor("map", DType.F32, 5, 3)
          .tensor("back", DType.F32, 4, 2)
          .open()
          .tensors();

  private TensorSource of(String name) {
    return tensors.get(name);
  }

  private static void refuses(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void aMatrixThatReadsIsMultipliedFromTheRight() {
    Solved carried = (Solved) Carrying.through("w", of("w"), of("map"));
    assertThat(carried.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(carried.inputs()).containsExactly(of("w"), of("map"));
    assertThat(carried.program()).isEqualTo(WidthPrograms.product(2, 5, 3));
    assertThat(carried.storedType()).as("its own, not the map's").isEqualTo(DType.BF16);
  }

  @Test
  void aMatrixThatGivesIsMultipliedFromTheLeft() {
    Solved carried = (Solved) Carrying.onto("w", of("w"), of("back"));
    assertThat(carried.shape()).isEqualTo(Shape.of(4, 5));
    assertThat(carried.inputs()).containsExactly(of("back"), of("w"));
    assertThat(carried.program()).isEqualTo(WidthPrograms.product(4, 2, 5));
    assertThat(carried.storedType()).isEqualTo(DType.BF16);
  }

  @Test
  void aVectorThatGivesStaysAVector() {
    TensorSource carried = Carrying.onto("b", of("b"), of("back"));
    assertThat(carried.shape()).isEqualTo(Shape.of(4));
    assertThat(carried.storedType()).isEqualTo(DType.F16);
    Solved column = (Solved) carried.parts().get(0);
    assertThat(column.shape()).isEqualTo(Shape.of(4, 1));
    assertThat(column.program()).isEqualTo(WidthPrograms.product(4, 2, 1));
    assertThat(rows(column.inputs().get(1))).isEqualTo("b0 b1");
  }

  @Test
  void whatCannotBeMultipliedIsRefusedInTheOrderOfTheProduct() {
    refuses(
        () -> Carrying.through("w", of("w"), of("back")), "[2, 5] and [4, 2] cannot be multiplied");
    refuses(() -> Carrying.onto("w", of("w"), of("map")), "[5, 3] and [2, 5] cannot be multiplied");
    refuses(() -> Carrying.through("x", of("x"), of("map")), "[5] and [5, 3] cannot be multiplied");
    refuses(() -> Carrying.through("w", of("w"), of("x")), "[2, 5] and [5] cannot be multiplied");
    refuses(
        () -> Carrying.onto("x", of("x"), of("back")), "[4, 2] and [5, 1] cannot be multiplied");
  }

  @Test
  void aBiasIsWhatTheMatrixMakesOfWhatIsAdded() {
    Solved shifted = (Solved) Carrying.shifted("n", of("w"), of("x"), Optional.of(of("b")));
    assertThat(shifted.shape()).isEqualTo(Shape.of(2));
    assertThat(shifted.inputs()).containsExactly(of("w"), of("x"), of("b"));
    assertThat(shifted.program()).isEqualTo(WidthPrograms.mappedShift(2, 5, true));
    assertThat(shifted.storedType()).as("the bias's").isEqualTo(DType.F16);
  }

  @Test
  void aNewBiasHasTheTypeOfItsMatrix() {
    Solved made = (Solved) Carrying.shifted("n", of("w"), of("x"), Optional.empty());
    assertThat(made.inputs()).containsExactly(of("w"), of("x"));
    assertThat(made.program()).isEqualTo(WidthPrograms.mappedShift(2, 5, false));
    assertThat(made.storedType()).isEqualTo(DType.BF16);
  }

  @Test
  void aBiasOfAnotherLayerIsRefused() {
    refuses(
        () -> Carrying.shifted("n", of("w"), of("x"), Optional.of(of("x"))),
        "a bias of [5] belongs to no [2, 5]");
    refuses(
        () -> Carrying.shifted("n", of("w"), of("b"), Optional.empty()),
        "[2, 5] and [2, 1] cannot be multiplied");
  }
}
