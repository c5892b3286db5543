package dev.stockpot.kernels.statistic;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checksums of pieces make the checksum of the whole, wherever it was cut. */
class Crc32cTest {
  private static int crc(byte[] bytes, int begin, int end) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, begin, end - begin);
    return (int) crc.getValue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 8, 255, 256, 65_537, 1_000_000})
  void joinsPiecesOfRandomLengthsSomeOfThemEmpty(int size) {
    Random random = new Random(size);
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    int joined = 0;
    int begin = 0;
    while (begin < size) {
      int end = random.nextInt(3) == 0 ? begin : begin + 1 + random.nextInt(size - begin);
      joined = Crc32c.join(joined, crc(bytes, begin, end), end - begin);
      begin = end;
    }
    assertThat(joined).isEqualTo(crc(bytes, 0, size));
  }

  @Test
  void joinsManySmallPieces() {
    byte[] bytes = new byte[4096];
    new Random(1).nextBytes(bytes);
    int joined = 0;
    for (int i = 0; i < bytes.length; i++) {
      joined = Crc32c.join(joined, crc(bytes, i, i + 1), 1);
    }
    assertThat(joined).isEqualTo(crc(bytes, 0, bytes.length));
  }

  @Test
  void joinsTheCheckValueOfTheStandard() {
    byte[] digits = "123456789".getBytes(US_ASCII);
    assertThat(Crc32c.join(crc(digits, 0, 4), crc(digits, 4, 9), 5)).isEqualTo(0xE3069283);
  }

  /** Zeros are appended by squaring, so terabytes cost no more than bytes. */
  @Test
  void appendsPiecesLongerThanAnyMemory() {
    long half = 1L << 40;
    int zeros = Crc32c.join(0, 0, half);
    assertThat(Crc32c.join(Crc32c.join(7, zeros, half), zeros, half))
        .isEqualTo(Crc32c.join(7, 0, 2 * half));
  }
}
