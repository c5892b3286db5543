package dev.stockpot.kernels.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockMergeTest {
  private static final Block BLOCK = new Block(0, 0, 1);

  private final BufferAllocator memory = new RootAllocator();
  private final ArrowBuf buffer = memory.buffer(4);
  private final Operand operand = new Operand(buffer, DType.F32, 1);

  @AfterEach
  void close() {
    buffer.close();
    memory.close();
  }

  @Test
  void aMergeIntoOneOutputIsTheOneOfSeveral() {
    List<Operand> written = new ArrayList<>();
    BlockMerge merge = (block, inputs, output) -> written.add(output);

    merge.merge(BLOCK, List.of(), List.of(operand));

    assertThat(written).containsExactly(operand);
    assertThatThrownBy(() -> merge.merge(BLOCK, List.of(), List.of(operand, operand)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there are 2 outputs, but the merge makes one");
  }

  @Test
  void aMergeIntoSeveralIsNotAskedForOne() {
    List<Integer> asked = new ArrayList<>();
    BlockMerge merge =
        BlockMerge.intoSeveral((block, inputs, outputs) -> asked.add(outputs.size()));

    merge.merge(BLOCK, List.of(), List.of(operand, operand));

    assertThat(asked).containsExactly(2);
    assertThatThrownBy(() -> merge.merge(BLOCK, List.of(), operand))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("but the merge makes several");
  }
}
