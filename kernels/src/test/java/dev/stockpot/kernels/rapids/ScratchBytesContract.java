package dev.stockpot.kernels.rapids;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.NonFiniteTally;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.UpdateTally;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.RandomDrop;
import dev.stockpot.kernels.random.RankedDrop;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.kernels.statistic.LaneSum;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import dev.stockpot.kernels.statistic.MagnitudeRange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Intermediate results of no operation take more than tiles are planned with. */
abstract class ScratchBytesContract {

  /** Of those that are sums of no whole groups. */
  private static final int ROW = 1_500;

  /** Tables, and columns that are padded to whole groups. */
  private static final long FIXED = 300_000;

  private final Operands operands = new Operands();

  /** Elements, so many that tables do not matter. */
  protected abstract int count();

  /** Bytes of the device's memory. */
  protected interface Memory {
    long inUse();

    /** The most since the kernels were opened. */
    long peak();
  }

  /** Kernels on a device of which little is in use, and its memory. */
  protected record Opened(RapidsKernels kernels, Memory memory) {}

  protected abstract Opened open();

  @AfterEach
  void returnBuffers() {
    operands.close();
  }

  /** An operation on kernels, of which the result goes into {@code b}. */
  @FunctionalInterface
  private interface Use {
    void on(RapidsKernels kernels, DeviceVector a, DeviceVector b);
  }

  private Operand output(DType type) {
    Rounding rounding = Rounding.of(Rounding.Mode.STOCHASTIC, 1, "t");
    Operand base = operands.of(DType.BF16, Samples.normal(count(), 1, 3));
    return new Operand(
        operands.zeros(type, count()).buffer(),
        type,
        count(),
        rounding,
        Optional.of(new UpdateTally(base)),
        Optional.of(new NonFiniteTally(List.of(base))));
  }

  @Test
  void operationsKeepToWhatIsPlanned() {
    Operand half = operands.of(DType.F16, Samples.normal(count(), 1, 1));
    Operand wide = operands.of(DType.F64, Samples.normal(count(), 1, 1));
    Map<String, Use> uses =
        Map.ofEntries(
            Map.entry("load float16", (k, a, b) -> k.loadDifference(half, a, b)),
            Map.entry("load float64", (k, a, b) -> k.addScaled(wide, 2, b)),
            Map.entry("store float16", (k, a, b) -> k.store(a, half)),
            Map.entry("store float64", (k, a, b) -> k.store(a, wide)),
            Map.entry("round bfloat16 at random", (k, a, b) -> k.store(a, output(DType.BF16))),
            Map.entry("round float16 at random", (k, a, b) -> k.store(a, output(DType.F16))),
            Map.entry("limit", (k, a, b) -> k.limit(a, 0, b)),
            Map.entry("min", (k, a, b) -> k.min(a, b, b)),
            Map.entry("largest", (k, a, b) -> k.largest(a, b, b)),
            Map.entry("divide", (k, a, b) -> k.divideUnlessZero(a, b, b)),
            Map.entry(
                "keep some ties",
                (k, a, b) -> k.keepLargest(a, 0.5f, RandomDrop.of(1, 2, "t", 0.5), b)),
            Map.entry(
                "keep at random", (k, a, b) -> k.keepAtRandom(a, RandomDrop.of(1, 2, "t", 0.5), b)),
            Map.entry(
                "keep at random by rank",
                (k, a, b) -> k.keepAtRandomByRank(a, RankedDrop.of(1, 2, "t", 0.5, 0.1), b)),
            Map.entry("keep sign", (k, a, b) -> k.keepSign(a, b, b)),
            Map.entry("add products", (k, a, b) -> k.addProducts(a, b, new LaneSum())),
            Map.entry("add magnitudes", (k, a, b) -> k.addMagnitudes(a, new LaneSum())),
            Map.entry(
                "count all",
                (k, a, b) -> k.count(a, new MagnitudeCounts(MagnitudeCounts.ALL_BINS))),
            Map.entry(
                "count a range",
                (k, a, b) -> k.count(a, new MagnitudeRange(0x3F000000, 0x3F0F0000))));
    uses.forEach((name, use) -> assertKept(name, use, new Block(0, 0, count() - 1)));
  }

  @Test
  void operationsOnRowsKeepToWhatIsPlanned() {
    Block block = new Block(0, 0, count() / ROW * ROW, ROW);
    float[] factors = new float[block.rows()];
    Map<String, Use> uses =
        Map.of(
            "load numbers", (k, a, b) -> k.load(new float[ROW], b),
            "scale", (k, a, b) -> k.scaleRows(a, factors, b),
            "products", (k, a, b) -> k.productsOfRows(a, b),
            "products of columns", (k, a, b) -> k.addProducts(a, b, new double[1][ROW]),
            "divergences", (k, a, b) -> k.divergencesOfRows(a, b));
    uses.forEach((name, use) -> assertKept(name, use, block));
  }

  private void assertKept(String name, Use use, Block block) {

    assertThat((peak(use, block) - FIXED) / count())
        .as("bytes for each element: %s", name)
        .isLessThanOrEqualTo(TilePlan.SCRATCH_BYTES);
  }

  private long peak(Use use, Block block) {
    Operand tied = operands.of(DType.F32, Samples.tied(count() - 1, 1));
    Opened opened = open();
    try (RapidsKernels kernels = opened.kernels) {
      DeviceVector a = kernels.vector();
      DeviceVector b = kernels.vector();
      kernels.begin(block);
      kernels.load(tied, a);
      kernels.load(tied, b);
      long vectors = opened.memory.inUse();
      use.on(kernels, a, b);
      return opened.memory.peak() - vectors;
    }
  }
}
