package dev.stockpot.kernels.number;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DTypeTest {
  @ParameterizedTest
  @CsvSource({
    "BOOL, 8",
    "F4, 4",
    "F6_E2M3, 6",
    "F6_E3M2, 6",
    "U8, 8",
    "I8, 8",
    "F8_E5M2, 8",
    "F8_E4M3, 8",
    "F8_E8M0, 8",
    "F8_E5M2FNUZ, 8",
    "F8_E4M3FNUZ, 8",
    "I16, 16",
    "U16, 16",
    "F16, 16",
    "BF16, 16",
    "I32, 32",
    "U32, 32",
    "F32, 32",
    "C64, 64",
    "F64, 64",
    "I64, 64",
    "U64, 64"
  })
  void hasTheSizeThatTheFormatGivesIt(String name, int bits) {
    assertThat(DType.named(name)).map(DType::bits).hasValue(bits);
  }

  @ParameterizedTest
  @EnumSource
  void isFoundByItsName(DType type) {
    assertThat(DType.named(type.name())).hasValue(type);
  }

  @Test
  void noTypeHasAnotherNameOrCase() {
    assertThat(DType.named("bf16")).isEmpty();
    assertThat(DType.named("FLOAT")).isEmpty();
    assertThat(DType.named("")).isEmpty();
  }

  @Test
  void floatsOfOneByteAndMoreAreRead() {
    assertThat(Arrays.stream(DType.values()).filter(DType::isReadable))
        .containsExactlyInAnyOrder(
            DType.F8_E4M3, DType.F8_E5M2, DType.F16, DType.BF16, DType.F32, DType.F64);
    assertThat(Arrays.stream(DType.values()).filter(DType::isFloat8))
        .containsExactlyInAnyOrder(DType.F8_E4M3, DType.F8_E5M2);
  }

  @Test
  void onlyFloatsOfTwoBytesAndMoreAreWritten() {
    assertThat(Arrays.stream(DType.values()).filter(DType::isWritable))
        .containsExactlyInAnyOrder(DType.F16, DType.BF16, DType.F32, DType.F64);
  }

  @Test
  void integersAndBooleansAreIntegers() {
    assertThat(Arrays.stream(DType.values()).filter(DType::isInteger))
        .containsExactlyInAnyOrder(
            DType.BOOL,
            DType.U8,
            DType.I8,
            DType.I16,
            DType.U16,
            DType.I32,
            DType.U32,
            DType.I64,
            DType.U64);
  }

  @ParameterizedTest
  @CsvSource({"F16, 2", "BF16, 2", "F32, 4", "F64, 8", "U8, 1"})
  void countsTheBytesOfAnElement(DType type, int bytes) {
    assertThat(type.bytes()).isEqualTo(bytes);
  }

  @Test
  void refusesToCountTheBytesOfAPackedElement() {
    assertThatThrownBy(DType.F6_E2M3::bytes)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("F6_E2M3 elements are 6 bits, not whole bytes");
  }
}
