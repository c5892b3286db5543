package dev.stockpot.kernels.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RandomDropTest {
  private static final int ELEMENTS = 1 << 16;

  @ParameterizedTest
  @CsvSource({
    "0.5, 2147483648",
    "0.25, 1073741824",
    "0.3333333333333333, 1431655765",
    "1e-12, 0",
    "0.999999999999, 4294967295"
  })
  void aDensityIsAThresholdOf32Bits(double density, long threshold) {
    assertThat(Integer.toUnsignedLong(RandomDrop.keepBelow(density))).isEqualTo(threshold);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.1, 0.5, 0.9, 0.99})
  void keepsTheShareThatIsAskedFor(double density) {
    RandomDrop drop = RandomDrop.of(7, 2, "w", density);

    long kept = LongStream.range(0, ELEMENTS).filter(drop::keeps).count();

    double deviation = Math.sqrt(ELEMENTS * density * (1 - density));
    assertThat(Math.abs(kept - ELEMENTS * density)).isLessThan(5 * deviation);
  }

  @Test
  void whatALowerDensityKeepsAHigherOneKeepsToo() {
    RandomDrop few = RandomDrop.of(7, 0, "w", 0.2);
    RandomDrop many = RandomDrop.of(7, 0, "w", 0.6);

    assertThat(LongStream.range(0, 4096).filter(few::keeps)).allMatch(many::keeps);
  }

  @Test
  void anElementStaysWhereItsDrawIsBelowTheThresholdAsAnUnsignedNumber() {
    RandomDrop drop = RandomDrop.of(1, 0, "w", 0.75);
    int[] drawn = new int[64];
    drop.draws().draw(0, drawn.length, drawn);

    for (int i = 0; i < drawn.length; i++) {
      assertThat(drop.keeps(i))
          .as("element %s", i)
          .isEqualTo(Integer.toUnsignedLong(drawn[i]) < 0.75 * 0x1p32);
    }
  }

  @Test
  void elementsBeyondTwoToThe32AreDrawnToo() {
    RandomDrop drop = RandomDrop.of(1, 0, "w", 0.5);
    long far = 1L << 33;

    long equal =
        LongStream.range(0, ELEMENTS).filter(i -> drop.keeps(i) == drop.keeps(far + i)).count();

    assertThat(Math.abs(equal - ELEMENTS / 2)).isLessThan(640);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, 1.1, Double.NaN})
  void refusesADensityThatDropsNothingOrAll(double density) {
    assertThatThrownBy(() -> RandomDrop.of(1, 0, "w", density))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("density is %s, must be between 0 and 1", density);
  }
}
