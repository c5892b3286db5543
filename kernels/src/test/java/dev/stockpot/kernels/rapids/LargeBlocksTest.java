package dev.stockpot.kernels.rapids;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.RankedDrop;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.statistic.LaneSum;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A block of a device may hold several reduction blocks, which stay apart. */
class LargeBlocksTest {
  private static final int REDUCTION = Block.REDUCTION_ELEMENTS;
  private static final int COUNT = 2 * REDUCTION + 4_096 + 300;

  private final Operands operands = new Operands();

  @AfterEach
  void returnBuffers() {
    operands.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, REDUCTION, REDUCTION - 4_096, 3L * REDUCTION + 8_192})
  void sumsAndCountsAreThoseOfSmallBlocks(long firstElement) {
    Operand from = operands.of(DType.F32, Samples.normal(COUNT, 1, 1));
    Operand tied = operands.of(DType.F32, Samples.tied(COUNT, 2));
    ModelProvider device = new ModelProvider();

    Found found = find(device, firstElement, Rows.NONE, from, tied);

    assertThat(found).isEqualTo(find(new ScalarProvider(), firstElement, Rows.NONE, from, tied));
    assertThat(found.sums()).hasSizeGreaterThan(2);
    assertThat(device.memory().columns()).isZero();
  }

  /** Rows of whole groups, of a part of one, and with a part of one at the end. */
  @ParameterizedTest
  @ValueSource(ints = {4_096, 1_500, 5_000, 3 * REDUCTION / 2})
  void rowsAreSummedAndRankedAsOneByOne(int row) {
    int count = (3 * REDUCTION / row + 1) * row;
    Operand from = operands.of(DType.F32, Samples.normal(count, 1, 1));
    Operand tied = operands.of(DType.F32, Samples.tied(count, 2));
    ModelProvider device = new ModelProvider();
    long first = 2 * Block.reductionElements(row);

    Found found = find(device, first, new Rows(row, true), from, tied);

    assertThat(found)
        .isEqualTo(find(new ScalarProvider(), first, new Rows(row, false), from, tied));
    assertThat(found.sums()).hasSizeGreaterThan(1);
    assertThat(device.memory().columns()).isZero();
  }

  private record Found(List<Double> sums, int equal) {}

  private static Found find(
      KernelProvider provider, long first, Rows rows, Operand from, Operand tied) {
    try (Kernels<?> kernels = provider.open(rows.elements())) {
      return find(kernels, first, rows, from, tied);
    }
  }

  private static <V> Found find(
      Kernels<V> kernels, long first, Rows rows, Operand from, Operand tied) {
    V a = kernels.vector();
    V b = kernels.vector();
    LaneSum sum = new LaneSum();
    RankedDrop drop = RankedDrop.of(1, 2, "t", 0.5, 0.3);
    int[] equal = new int[1];
    Block.each(
        first,
        from.elements(),
        kernels.capacity(),
        rows,
        block -> {
          kernels.begin(block);
          if (block.startsReduction() && block.offset() > 0) {
            sum.next();
          }
          kernels.load(from, a);
          kernels.load(tied, b);
          if (rows.elements() > 0) {
            kernels.keepAtRandomByRank(b, drop, b);
          }
          kernels.addProducts(a, b, sum);
          equal[0] += kernels.countEqual(b, 0.5f);
        });
    sum.next();
    List<Double> sums = new ArrayList<>();
    for (double finished : sum.finished()) {
      sums.add(finished);
    }
    return new Found(sums, equal[0]);
  }
}
