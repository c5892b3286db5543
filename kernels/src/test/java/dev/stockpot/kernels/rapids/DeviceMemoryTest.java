package dev.stockpot.kernels.rapids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.SortingNetwork;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.device.OutOfDeviceMemoryException;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.RandomDrop;
import dev.stockpot.kernels.random.RankedDrop;
import dev.stockpot.kernels.statistic.LaneSum;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import dev.stockpot.kernels.statistic.MagnitudeRange;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whichever allocation fails, the kernels say so and return what they took. */
class DeviceMemoryTest {
  private final Operands operands = new Operands();

  @AfterEach
  void returnBuffers() {
    operands.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 200})
  void nothingIsLeftWhicheverAllocationFails(long keptBytes) {
    Operand from = operands.of(DType.F16, Samples.awkward(100, 1));
    Operand to = operands.zeros(DType.F16, 100);
    ModelProvider provider = new ModelProvider();
    useAll(provider.openForPasses(0, keptBytes), from, to);
    long allocations = provider.memory().allocations();
    assertThat(allocations).isGreaterThan(200);

    for (long number = 0; number < allocations; number++) {
      ModelProvider failing = new ModelProvider();
      failing.memory().failAt(number);

      assertThatThrownBy(() -> useAll(failing.openForPasses(0, keptBytes), from, to))
          .isInstanceOf(OutOfDeviceMemoryException.class);

      assertThat(failing.memory().columns()).as("after allocation %s", number).isZero();
      assertThat(failing.memory().bytes()).isZero();
    }
  }

  private static <V> void useAll(Kernels<V> opened, Operand from, Operand to) {
    try (Kernels<V> kernels = opened) {
      V a = kernels.vector();
      V b = kernels.vector();
      kernels.begin(new Block(0xFFFF_FFF0L, 0, 100));
      kernels.load(from, a);
      kernels.load(new float[100], b);
      kernels.addScaled(from, 2, b);
      kernels.loadDifference(from, a, b);
      kernels.largest(a, b, b);
      kernels.min(a, b, b);
      kernels.max(a, b, b);
      kernels.sort(SortingNetwork.of(2), new ArrayList<>(List.of(a, b, kernels.vector())));
      kernels.limit(b, 0, b);
      kernels.limit(b, 2, b);
      kernels.divideUnlessZero(a, b, b);
      kernels.keepAbove(a, 0.5f, b);
      kernels.keepFrom(a, 0.5f, b);
      kernels.keepLargest(a, 0.5f, RandomDrop.of(1, 2, "t", 0.5), b);
      kernels.keepAtRandom(a, RandomDrop.of(1, 2, "t", 0.5), b);
      kernels.keepAtRandomByRank(a, RankedDrop.of(1, 2, "t", 0.5, 0.1), b);
      kernels.keepSign(a, b, b);
      kernels.keepWhereNotZero(a, b, b);
      kernels.addWhereNotZero(a, 1, b);
      kernels.addProducts(a, b, new LaneSum());
      kernels.addProducts(a, b, new double[1][100]);
      kernels.addMagnitudes(a, new LaneSum());
      kernels.countEqual(a, 0.5f);
      kernels.count(a, new MagnitudeCounts(MagnitudeCounts.ALL_BINS));
      kernels.count(a, new MagnitudeCounts(0x3F00));
      kernels.count(a, new MagnitudeRange(0x3F000000, 0x3F000001));
      kernels.store(b, to);

      kernels.begin(new Block(0, 0, 100, 20));
      kernels.load(from, a);
      kernels.load(new float[20], b);
      kernels.productsOfRows(a, b);
      kernels.addProducts(a, b, new double[1][20]);
      kernels.divergencesOfRows(a, b);
      kernels.scaleRows(a, new float[5], b);
    }
  }
}
