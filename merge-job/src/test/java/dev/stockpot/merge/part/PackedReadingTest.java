package dev.stockpot.merge.part;

import static dev.stockpot.merge.part.PartBench.sum;
import static dev.stockpot.merge.part.PartBench.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Dequantised;
import dev.stockpot.merge.model.Dequantised.Step;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Indexed;
import dev.stockpot.merge.model.Packing;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.model.Unpacked;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Codes that several lie in one element come out one by one, however they are cut. */
class PackedReadingTest {
  private static final long MEMORY = 8 << 20;

  private final PartBench bench = new PartBench(MEMORY);

  @AfterEach
  void everyBufferWasReturned() {
    bench.close();
  }

  private float[] made(TensorSource source, int chunk) throws IOException {
    return bench.made(
        new PartSettings(chunk, MEMORY, false, false), whole(sum("t", List.of(source), 1)));
  }

  /** Codes as compressed-tensors packs them: in words of 32 bits, the first one lowest. */
  private Stored words(String name, int[][] codes, int bits) {
    int each = 32 / bits;
    int width = (codes[0].length + each - 1) / each;
    ByteBuffer bytes = ByteBuffer.allocate(codes.length * width * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int[] row : codes) {
      for (int word = 0; word < width; word++) {
        int packed = 0;
        for (int i = 0; i < each && word * each + i < row.length; i++) {
          packed |= row[word * each + i] << (i * bits);
        }
        bytes.putInt(packed);
      }
    }
    return bench.bytes(name, DType.I32, Shape.of(codes.length, width), bytes.array());
  }

  private static int[][] random(int rows, int columns, int bound) {
    Random random = new Random(rows * 31L + columns);
    int[][] codes = new int[rows][columns];
    for (int[] row : codes) {
      for (int i = 0; i < columns; i++) {
        row[i] = random.nextInt(bound);
      }
    }
    return codes;
  }

  private static int[][] transposed(int[][] codes) {
    int[][] turned = new int[codes[0].length][codes.length];
    for (int i = 0; i < codes.length; i++) {
      for (int j = 0; j < codes[0].length; j++) {
        turned[j][i] = codes[i][j];
      }
    }
    return turned;
  }

  @ParameterizedTest
  @CsvSource({"4, 130, 96, 4096", "4, 70, 61, 4096", "8, 70, 61, 65536", "4, 1, 5, 4096"})
  void integersLieInWordsOfTheirRow(int bits, int rows, int columns, int chunk) throws IOException {
    int[][] codes = random(rows, columns, 1 << bits);
    Packing packing = bits == 4 ? Packing.INT4 : Packing.INT8;
    float[] made =
        made(new Unpacked(words("c", codes, bits), packing, Shape.of(rows, columns)), chunk);
    for (int i = 0; i < made.length; i++) {
      assertThat(made[i]).isEqualTo(codes[i / columns][i % columns] - (1 << (bits - 1)));
    }
  }

  @Test
  void spansBeginAndEndWithinWords() {
    Unpacked codes = new Unpacked(words("c", new int[4][21], 4), Packing.INT4, Shape.of(4, 21));
    assertThat(codes.packedOf(new ElementSpan(0, 8))).isEqualTo(new ElementSpan(0, 1));
    assertThat(codes.packedOf(new ElementSpan(7, 2))).isEqualTo(new ElementSpan(0, 2));
    assertThat(codes.packedOf(new ElementSpan(20, 2))).isEqualTo(new ElementSpan(2, 2));
    assertThat(codes.packedOf(new ElementSpan(21, 63))).isEqualTo(new ElementSpan(3, 9));
    assertThat(codes.packedOf(new ElementSpan(5, 0))).isEqualTo(new ElementSpan(0, 0));
  }

  @Test
  void zeroPointsLieInWordsOfTheirColumn() throws IOException {
    int[][] codes = random(19, 64, 16);
    int[][] zeros = random(19, 2, 16);
    int[][] packed = transposed(zeros);
    // words hold codes of a column: pack the transpose, then turn the words back
    Stored turned = words("z", packed, 4);
    ByteBuffer words =
        ByteBuffer.wrap(bench.store().bytes(turned.tensor().shard().location()))
            .order(ByteOrder.LITTLE_ENDIAN)
            .position((int) turned.tensor().bytes().begin());
    ByteBuffer back = ByteBuffer.allocate(3 * 2 * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int group = 0; group < 2; group++) {
      for (int word = 0; word < 3; word++) {
        back.putInt((word * 2 + group) * 4, words.getInt());
      }
    }
    Unpacked points =
        new Unpacked(
            bench.bytes("zeros", DType.I32, Shape.of(3, 2), back.array()),
            Packing.INT4,
            Shape.of(19, 2),
            /* alongColumns= */ true);
    Unpacked values = new Unpacked(words("c", codes, 4), Packing.INT4, Shape.of(19, 64));
    Stored scales = bench.counting("s", 19, 2);
    List<Long> block = List.of(1L, 32L);
    float[] made =
        made(
            new Dequantised(new Dequantised(values, points, block, Step.MINUS), scales, block),
            4096);
    for (int row = 0; row < 19; row++) {
      for (int column = 0; column < 64; column++) {
        int group = column / 32;
        float expected = (codes[row][column] - zeros[row][group]) * (float) (row * 2 + group);
        // zero has a sign, which a sum loses
        assertThat(made[row * 64 + column] + 0f).as("%s, %s", row, column).isEqualTo(expected + 0f);
      }
    }
  }

  @Test
  void columnsFindTheirGroupByTheIndex() throws IOException {
    ByteBuffer index = ByteBuffer.allocate(6 * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int group : new int[] {2, 0, 1, 1, 0, 2}) {
      index.putInt(group);
    }
    Indexed columns =
        new Indexed(
            bench.counting("s", 2, 3), bench.bytes("i", DType.I32, Shape.of(6), index.array()));
    assertThat(made(columns, 4096)).containsExactly(2, 0, 1, 1, 0, 2, 5, 3, 4, 4, 3, 5);
  }

  @Test
  void anIndexOfMinusOneIsNone() throws IOException {
    byte[] none = new byte[6 * 4];
    Arrays.fill(none, (byte) -1);
    Indexed columns =
        new Indexed(bench.counting("s", 1, 3), bench.bytes("i", DType.I32, Shape.of(6), none));
    assertThat(made(columns, 4096)).containsExactly(0, 0, 1, 1, 2, 2);
  }

  @Test
  void smallFloatsLieTwoInAByte() throws IOException {
    byte[] packed = {0x10, 0x32, 0x54, 0x76, (byte) 0x99, (byte) 0xBA, (byte) 0xDC, (byte) 0xFE};
    Unpacked codes =
        new Unpacked(
            bench.bytes("c", DType.U8, Shape.of(1, 8), packed), Packing.E2M1, Shape.of(1, 16));
    assertThat(made(codes, 4096))
        .containsExactly(0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0.5f, -0.5f, -1, -1.5f, -2, -3, -4, -6);
  }

  @Test
  void exponentsArePowersOfTwo() throws IOException {
    byte[] stored = {127, (byte) 128, 126, 0, (byte) 254, (byte) 255};
    float[] made =
        made(
            new Unpacked(
                bench.bytes("e", DType.U8, Shape.of(6), stored), Packing.EXPONENT, Shape.of(6)),
            4096);
    assertThat(made)
        .containsExactly(1, 2, 0.5f, Math.scalb(1f, -127), Math.scalb(1f, 127), Float.NaN);
  }

  @Test
  void scalesMayThemselvesBeOverOneForAll() throws IOException {
    Stored codes = bench.stored("c", Shape.of(1, 4), 1, 2, 3, 4);
    Stored scales = bench.stored("s", Shape.of(1, 2), 3, 5);
    Stored all = bench.stored("g", Shape.of(1), 7);
    Dequantised factors = new Dequantised(scales, all, List.of(1L, 2L), Step.OVER);
    float[] made = made(new Dequantised(codes, factors, List.of(1L, 2L)), 4096);
    float first = 3f / 7f;
    float second = 5f / 7f;
    assertThat(made).containsExactly(first, 2 * first, 3 * second, 4 * second);
  }

  @Test
  void expertsAreTurnedWhileTheyAreRead() throws IOException {
    int[][] codes = random(2 * 3, 32, 16);
    byte[] packed = new byte[2 * 3 * 16];
    for (int i = 0; i < packed.length; i++) {
      packed[i] = (byte) (codes[i / 16][i % 16 * 2] | codes[i / 16][i % 16 * 2 + 1] << 4);
    }
    Unpacked numbers =
        new Unpacked(
            bench.bytes("c", DType.U8, Shape.of(2, 3, 1, 16), packed),
            Packing.E2M1,
            Shape.of(2, 3, 32));
    Unpacked scales =
        new Unpacked(
            bench.bytes("s", DType.U8, Shape.of(2, 3, 1), new byte[] {127, -128, 126, 127, 1, 2}),
            Packing.EXPONENT,
            Shape.of(2, 3, 1));
    Dequantised stored = new Dequantised(numbers, scales, List.of(1L, 1L, 32L));
    float[] plain = made(stored, 4096);
    float[] turned = made(stored.exchanged(1, 2), 4096);
    for (int i = 0; i < plain.length; i++) {
      int expert = i / 96;
      int row = i % 96 / 32;
      int column = i % 32;
      assertThat(turned[expert * 96 + column * 3 + row]).isEqualTo(plain[i]);
    }
    assertThat(stored.exchanged(1, 2).storedType()).isEqualTo(DType.BF16);
  }

  @Test
  void codesAreMadeWhereTheirNumbersGo() {
    Unpacked codes = new Unpacked(words("c", new int[64][64], 4), Packing.INT4, Shape.of(64, 64));
    Dequantised numbers = new Dequantised(codes, bench.counting("s", 64, 2), List.of(1L, 32L));
    assertThat(numbers.isInPlace()).isTrue();
    long packed = 64 * 64 / 2;
    assertThat(numbers.footprint(new ElementSpan(0, 64 * 64)).memory())
        .isEqualTo((packed + 4095) / 4096 * 4096 + 4 * 64 * 64 + 4096);
  }
}
