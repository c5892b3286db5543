package dev.stockpot.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

class OperandTest {
  @Test
  void readsElementsAsTheFileHasThem() {
    try (BufferAllocator allocator = new RootAllocator();
        ArrowBuf buffer = allocator.buffer(8)) {
      buffer.setBytes(0, new byte[] {0, 0, (byte) 0x80, (byte) 0xBF, 0, 0, 0x20, 0x41});

      assertThat(new Operand(buffer, DType.F32, 2).floats().get(0)).isEqualTo(-1f);
      assertThat(new Operand(buffer, DType.F32, 2).floats().get(1)).isEqualTo(10f);
      assertThat(new Operand(buffer, DType.BF16, 4).shorts().get(3)).isEqualTo((short) 0x4120);
    }
  }

  @Test
  void givesSingleElementsExactly() {
    try (BufferAllocator allocator = new RootAllocator();
        ArrowBuf buffer = allocator.buffer(16)) {
      buffer.setDouble(8, 1e300);
      assertThat(new Operand(buffer, DType.F64, 2).at(1)).isEqualTo(1e300);
      buffer.setFloat(4, 0.1f);
      assertThat(new Operand(buffer, DType.F32, 2).at(1)).isEqualTo(0.1f);
      buffer.setShort(6, 0x3FC0);
      assertThat(new Operand(buffer, DType.BF16, 4).at(3)).isEqualTo(1.5);
      assertThat(new Operand(buffer, DType.F16, 4).at(3)).isEqualTo(1.9375);
      buffer.setByte(7, 0x7C);
      assertThat(new Operand(buffer, DType.F8_E4M3, 8).at(7)).isEqualTo(384);
      assertThat(new Operand(buffer, DType.F8_E5M2, 8).at(7)).isInfinite();
    }
  }

  @Test
  void rejectsATypeThatCannotBeMerged() {
    try (BufferAllocator allocator = new RootAllocator();
        ArrowBuf buffer = allocator.buffer(8)) {
      assertThatThrownBy(() -> new Operand(buffer, DType.I64, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("I64 elements cannot be merged");
    }
  }

  @Test
  void rejectsMoreElementsThanTheBufferHolds() {
    try (BufferAllocator allocator = new RootAllocator();
        ArrowBuf buffer = allocator.buffer(8)) {
      assertThatThrownBy(() -> new Operand(buffer, DType.F32, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("3 F32 elements do not fit 8 bytes");
    }
  }

  @Test
  void countsUpdatesOnlyWhereSixteenBitsAreStored() {
    try (BufferAllocator allocator = new RootAllocator();
        ArrowBuf buffer = allocator.buffer(8)) {
      Optional<UpdateTally> updates =
          Optional.of(new UpdateTally(new Operand(buffer, DType.F32, 2)));
      Optional<NonFiniteTally> none = Optional.empty();
      assertThat(new Operand(buffer, DType.F16, 2, Rounding.NEAREST, updates, none).updates())
          .isEqualTo(updates);
      assertThatThrownBy(() -> new Operand(buffer, DType.F32, 2, Rounding.NEAREST, updates, none))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("updates of F32 elements cannot be lost");
    }
  }
}
