package dev.stockpot.kernels.rapids;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.block.Block;
import org.junit.jupiter.api.Test;

class TilePlanTest {
  private static final long GIB = 1L << 30;

  @Test
  void aTileIsNeverLargerThanPays() {
    assertThat(TilePlan.elements(128 * GIB, 12)).isEqualTo(64 << 20);
    assertThat(TilePlan.elements(Long.MAX_VALUE, 1)).isEqualTo(64 << 20);
  }

  @Test
  void aTileFitsItsVectorsAndWhatOperationsNeed() {
    int elements = TilePlan.elements(2 * GIB, 12);

    assertThat(elements).isEqualTo(12 << 20);
    assertThat(elements * (12L * 8 + TilePlan.SCRATCH_BYTES)).isLessThanOrEqualTo(2 * GIB);
  }

  @Test
  void aTileIsMadeOfWholeReductionBlocks() {
    for (long free = 1 << 20; free < 16 * GIB; free = free * 3 / 2) {
      assertThat(TilePlan.elements(free, 7) % Block.REDUCTION_ELEMENTS).isZero();
    }
  }

  @Test
  void aDeviceThatIsFullIsAskedForLittle() {
    assertThat(TilePlan.elements(0, 7)).isEqualTo(Block.REDUCTION_ELEMENTS);
  }
}
