package dev.stockpot.merge.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.storage.ByteRange;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Elements and their bytes, and what they take. */
class ElementSpanTest {
  @Test
  void bytesFollowFromTheWidthOfTheType() {
    ElementSpan span = new ElementSpan(6, 4);
    assertThat(span.end()).isEqualTo(10);
    assertThat(span.bytes(DType.F32)).isEqualTo(new ByteRange(24, 40));
    assertThat(span.bytes(DType.BF16)).isEqualTo(new ByteRange(12, 20));
    assertThat(span.bytes(DType.I8)).isEqualTo(new ByteRange(6, 10));
    assertThat(span.bytes(DType.F4)).isEqualTo(new ByteRange(3, 5));
  }

  @Test
  void packedElementsBeginAndEndWithBytes() {
    assertThatThrownBy(() -> new ElementSpan(5, 3).bytes(DType.F4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("elements 5-8")
        .hasMessageContaining("are no whole bytes");
    assertThatThrownBy(() -> new ElementSpan(4, 3).bytes(DType.F4))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void hugePlacesDoNotWrapAround() {
    assertThatThrownBy(() -> new ElementSpan(Long.MAX_VALUE / 4, 1).bytes(DType.F32))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> new ElementSpan(-1, 3)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ElementSpan(0, -3)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aScalarIsOneElementAndAnEmptyTensorNone() {
    assertThat(ElementSpan.all(Shape.of())).isEqualTo(new ElementSpan(0, 1));
    assertThat(ElementSpan.all(Shape.of(3, 0)).count()).isZero();
  }

  @Test
  void footprintsAddUpAndCountARangeOnceWhereItIsReadOnce() {
    Stored tensor = Sources.floats("x", 4_000);
    Footprint half = tensor.footprint(new ElementSpan(0, 1_000));
    assertThat(half.memory()).as("whole pages").isEqualTo(4_096);
    Footprint twice = half.plus(half).plus(tensor.footprint(new ElementSpan(1_000, 2_000)));
    assertThat(twice.bytesRead()).isEqualTo(16_000);
    assertThat(twice.memory()).isEqualTo(2 * 4_096 + 8_192);
    assertThat(twice.readOnce().bytesRead()).isEqualTo(12_000);
    assertThat(twice.readOnce().memory()).isEqualTo(twice.memory());
    assertThat(twice.longestRange()).isEqualTo(8_000);
    assertThat(Footprint.NONE.longestRange()).isZero();
    assertThat(Footprint.pages(0)).isZero();
    assertThat(Footprint.pages(4_096)).isEqualTo(4_096);
    assertThat(Footprint.pages(4_097)).isEqualTo(8_192);
    assertThatThrownBy(() -> new Footprint(List.of(), -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
