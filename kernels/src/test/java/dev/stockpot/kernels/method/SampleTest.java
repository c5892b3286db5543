package dev.stockpot.kernels.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Block;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 16, 100, 512, 1_920, 2_048})
  void blocksUpToAPeriodGiveOneSixteenth(int count) {
    Sample sample = new Sample(128, 2_048);
    BitSet seen = new BitSet();
    int elements = 64 * 2_048;
    for (int first = 0; first < elements; first += count) {
      Block in = sample.in(new Block(first, first + 7, Math.min(count, elements - first)));
      assertThat(in.offset() - 7).isEqualTo((int) in.firstElement());
      assertThat(in.count()).isBetween(0, count);
      seen.set((int) in.firstElement(), (int) in.firstElement() + in.count());
    }

    for (int e = seen.nextSetBit(0); e >= 0; e = seen.nextSetBit(e + 1)) {
      assertThat(e % 2_048).isLessThan(128);
    }
    assertThat(seen.cardinality()).isEqualTo(64 * 128);
  }

  @Test
  void aBlockLongerThanAPeriodIsSeenWhole() {
    Block block = new Block(64, 64, 4_096);

    assertThat(new Sample(128, 2_048).in(block)).isEqualTo(block);
  }

  @Test
  void betweenRunsThereIsNothing() {
    assertThat(new Sample(128, 2_048).in(new Block(2_048 + 128, 128, 1_920)).count()).isZero();
  }

  @Test
  void runsOfLargeTensorsAreWorthAReadOfTheirOwn() {
    assertThat(Sample.of(100 << 20)).isEqualTo(new Sample(1 << 18, 1 << 22));
    assertThat(Sample.of(10 << 20)).isEqualTo(new Sample(1 << 7, 1 << 12));
  }
}
