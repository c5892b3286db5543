package dev.stockpot.kernels.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockTest {
  private static List<Block> blocks(long firstElement, int count) {
    List<Block> blocks = new ArrayList<>();
    Block.each(firstElement, count, 2_048, blocks::add);
    return blocks;
  }

  @Test
  void aSliceIsCutIntoFullBlocksAndWhatIsLeft() {
    assertThat(blocks(1L << 32, 5_000))
        .containsExactly(
            new Block(1L << 32, 0, 2_048),
            new Block((1L << 32) + 2_048, 2_048, 2_048),
            new Block((1L << 32) + 4_096, 4_096, 904));
  }

  @Test
  void anEmptySliceHasNoBlocks() {
    assertThat(blocks(0, 0)).isEmpty();
  }

  @Test
  void aReductionStartsAtEveryMultipleOfItsSize() {
    assertThat(blocks(Block.REDUCTION_ELEMENTS, 2 * Block.REDUCTION_ELEMENTS + 1))
        .filteredOn(Block::startsReduction)
        .extracting(Block::offset)
        .containsExactly(0, Block.REDUCTION_ELEMENTS, 2 * Block.REDUCTION_ELEMENTS);
  }

  @Test
  void aLargeBlockKnowsWhereItsReductionsEnd() {
    int reduction = Block.REDUCTION_ELEMENTS;

    assertThat(new Block(reduction - 4, 0, 4).reductionEnds()).containsExactly(4);
    assertThat(new Block(reduction - 4, 0, 5).reductionEnds()).containsExactly(4, 5);
    assertThat(new Block(0, 0, 2 * reduction + 7).reductionEnds())
        .containsExactly(reduction, 2 * reduction, 2 * reduction + 7);
    assertThat(new Block(0, 0, 2 * reduction, 2 * reduction).reductionEnds())
        .containsExactly(2 * reduction);
  }
}
