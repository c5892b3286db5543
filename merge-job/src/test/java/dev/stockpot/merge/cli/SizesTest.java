package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes and seconds with three digits, where rounding carries over, too. */
class SizesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1, 1 B",
    "999, 999 B",
    "1000, 1.00 kB",
    "1234, 1.23 kB",
    "9994, 9.99 kB",
    "9995, 10.0 kB",
    "99949, 99.9 kB",
    "99950, 100 kB",
    "999499, 999 kB",
    "999500, 1.00 MB",
    "8000000, 8.00 MB",
    "141000000000, 141 GB",
    "1340000000000, 1.34 TB",
    "999499999999999, 999 TB",
    "9223372036854775807, 9223 PB"
  })
  void bytesHaveThreeDigits(long bytes, String shown) {
    assertThat(Sizes.bytes(bytes)).isEqualTo(shown);
  }

  @Test
  void thingsAreCountedInWords() {
    assertThat(Sizes.count(1, "file")).isEqualTo("1 file");
    assertThat(Sizes.count(0, "file")).isEqualTo("0 files");
    assertThat(Sizes.count(2, "tensor")).isEqualTo("2 tensors");
  }

  @Test
  void ratesAreOfASecondAndOfNoTimeAllOfIt() {
    assertThat(Sizes.rate(3_000_000, 1.5)).isEqualTo("2.00 MB/s");
    assertThat(Sizes.rate(3_000_000, 0)).isEqualTo("3.00 MB/s");
    assertThat(Sizes.seconds(0.04)).isEqualTo("0.0 s");
    assertThat(Sizes.seconds(61.25)).isIn("61.2 s", "61.3 s");
  }
}
