package dev.stockpot.merge.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import org.junit.jupiter.api.Test;

class OutputTensorTest {
  @Test
  void takesAsManyBytesAsItsElements() {
    assertThat(new OutputTensor("t", DType.F32, Shape.of(3, 5)).byteCount()).isEqualTo(60);
    assertThat(new OutputTensor("t", DType.BF16, Shape.of(0)).byteCount()).isZero();
  }

  @Test
  void isRefusedWithoutNameTypeOrShape() {
    assertThatThrownBy(() -> new OutputTensor(null, DType.U8, Shape.of(1)))
        .hasMessage("name is null");
    assertThatThrownBy(() -> new OutputTensor("t", null, Shape.of(1))).hasMessage("dtype is null");
    assertThatThrownBy(() -> new OutputTensor("t", DType.U8, null)).hasMessage("shape is null");
  }
}
