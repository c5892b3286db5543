package dev.stockpot.merge.part;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Float16;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Exponents tell what is not finite, wherever eight bytes begin and end. */
class NonFiniteBitsTest {
  /** Bytes that make infinities, NaN and the largest finite numbers of all types often. */
  @Provide
  Arbitrary<byte[]> stored() {
    Arbitrary<Byte> edges =
        Arbitraries.of(
            (byte) 0xFF, (byte) 0x7F, (byte) 0x80, (byte) 0xF0, (byte) 0x7C, (byte) 0x7B, (byte) 0);
    return Arbitraries.frequencyOf(Tuple.of(3, edges), Tuple.of(1, Arbitraries.bytes()))
        .array(byte[].class)
        .ofMaxSize(83);
  }

  private static ByteBuffer whole(byte[] bytes, int each) {
    return ByteBuffer.wrap(bytes, 0, bytes.length / each * each).order(LITTLE_ENDIAN);
  }

  private static long count(IntStream numbers) {
    return numbers.count();
  }

  @Property
  void bfloat16sAreCountedAsTheirNumbersSay(@ForAll("stored") byte[] bytes) {
    ByteBuffer numbers = whole(bytes, 2);
    assertThat(NonFiniteBits.count(DType.BF16, numbers))
        .isEqualTo(
            count(
                IntStream.range(0, numbers.remaining() / 2)
                    .filter(i -> !Float.isFinite(Bfloat16.toFloat(numbers.getShort(2 * i))))));
  }

  @Property
  void float16sAreCountedAsTheirNumbersSay(@ForAll("stored") byte[] bytes) {
    ByteBuffer numbers = whole(bytes, 2);
    assertThat(NonFiniteBits.count(DType.F16, numbers))
        .isEqualTo(
            count(
                IntStream.range(0, numbers.remaining() / 2)
                    .filter(i -> !Float.isFinite(Float16.toFloat(numbers.getShort(2 * i))))));
  }

  @Property
  void float32sAreCountedAsTheirNumbersSay(@ForAll("stored") byte[] bytes) {
    ByteBuffer numbers = whole(bytes, 4);
    assertThat(NonFiniteBits.count(DType.F32, numbers))
        .isEqualTo(
            count(
                IntStream.range(0, numbers.remaining() / 4)
                    .filter(i -> !Float.isFinite(numbers.getFloat(4 * i)))));
  }

  @Property
  void float64sAreCountedAsTheirNumbersSay(@ForAll("stored") byte[] bytes) {
    ByteBuffer numbers = whole(bytes, 8);
    assertThat(NonFiniteBits.count(DType.F64, numbers))
        .isEqualTo(
            count(
                IntStream.range(0, numbers.remaining() / 8)
                    .filter(i -> !Double.isFinite(numbers.getDouble(8 * i)))));
  }

  @Property
  void countsOfPartsAddUp(@ForAll("stored") byte[] bytes, @ForAll byte cut) {
    ByteBuffer all = whole(bytes, 2);
    int middle = all.limit() == 0 ? 0 : Math.floorMod(cut, all.limit()) / 2 * 2;
    assertThat(
            NonFiniteBits.count(DType.BF16, all.slice(0, middle))
                + NonFiniteBits.count(DType.BF16, all.slice(middle, all.limit() - middle)))
        .isEqualTo(NonFiniteBits.count(DType.BF16, all));
  }

  @Test
  void everyPatternOfSixteenBitsIsJudged() {
    ByteBuffer all = ByteBuffer.allocate(2 << 16).order(LITTLE_ENDIAN);
    IntStream.range(0, 1 << 16).forEach(bits -> all.putShort((short) bits));
    all.flip();
    assertThat(NonFiniteBits.count(DType.BF16, all)).isEqualTo(2 * (1 << 7));
    assertThat(NonFiniteBits.count(DType.F16, all)).isEqualTo(2 * (1 << 10));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      mode = Mode.EXCLUDE,
      names = {"BF16", "F16", "F32", "F64"})
  void codesAndWholeNumbersAreNone(DType dtype) {
    byte[] ones = new byte[64];
    Arrays.fill(ones, (byte) 0xFF);
    assertThat(NonFiniteBits.count(dtype, ByteBuffer.wrap(ones))).isZero();
  }

  @Test
  void theBufferIsLeftAsItWas() {
    ByteBuffer bytes = ByteBuffer.allocate(24).order(BIG_ENDIAN);
    bytes.putShort(6, (short) 0x807F); // bfloat16 infinity, as it is stored
    bytes.position(4).limit(20);
    assertThat(NonFiniteBits.count(DType.BF16, bytes)).isEqualTo(1);
    assertThat(bytes.position()).isEqualTo(4);
    assertThat(bytes.limit()).isEqualTo(20);
    assertThat(bytes.order()).isEqualTo(BIG_ENDIAN);
  }
}
