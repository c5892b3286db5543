package dev.stockpot.merge.part;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.device.DeviceException;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which tiles a device does, and what happens to those that it cannot do. */
class TileRunnerTest {
  private static final int REDUCTION = Block.REDUCTION_ELEMENTS;

  /** Work that operates on each block once, and remembers which were accepted. */
  private static final class Remembering implements TileRunner.Work {
    private final List<Block> accepted = new ArrayList<>();
    private List<Block> attempted = List.of();

    @Override
    public Consumer<Block> open(Kernels<?> kernels) {
      List<Block> attempt = new ArrayList<>();
      attempted = attempt;
      return block -> operate(kernels, block, attempt);
    }

    private static <V> void operate(Kernels<V> kernels, Block block, List<Block> attempt) {
      V vector = kernels.vector();
      kernels.begin(block);
      kernels.zero(vector);
      attempt.add(block);
    }

    @Override
    public void accept() {
      accepted.addAll(attempted);
    }

    /** Elements of the chunk that were done, each exactly once and in order. */
    long elements() {
      long next = accepted.get(0).firstElement();
      for (Block block : accepted) {
        assertThat(block.firstElement()).isEqualTo(next);
        next += block.count();
      }
      return next - accepted.get(0).firstElement();
    }
  }

  private static TileRunner runner(ScarceProvider device, Rows rows) {
    return new TileRunner(device, device, new ScalarProvider(), rows, Optional.empty());
  }

  private static Remembering run(ScarceProvider device, Rows rows, int count) {
    Remembering work = new Remembering();
    runner(device, rows).run(new Block(0, 0, count), work);
    assertThat(work.elements()).isEqualTo(count);
    assertThat(device.stillOpen()).isZero();
    return work;
  }

  @Test
  void aChunkThatFitsIsOneTile() {
    ScarceProvider device = ScarceProvider.withRoomFor(4 * REDUCTION);
    run(device, Rows.NONE, 3 * REDUCTION);
    assertThat(device.tiles()).containsExactly(3 * REDUCTION);
  }

  @Test
  void aTileThatDoesNotFitIsHalvedInWholeReductionBlocks() {
    ScarceProvider device = ScarceProvider.withRoomFor(REDUCTION);
    run(device, Rows.NONE, 3 * REDUCTION);
    assertThat(device.tiles())
        .containsExactly(3 * REDUCTION, 2 * REDUCTION, REDUCTION, REDUCTION, REDUCTION);
  }

  @Test
  void theSmallestTileThatDoesNotFitIsDoneByTheCpu() {
    ScarceProvider device = ScarceProvider.withRoomFor(REDUCTION - 1);
    Remembering work = run(device, Rows.NONE, REDUCTION + 10);
    assertThat(device.tiles()).contains(REDUCTION, 10);
    assertThat(work.accepted.get(0).count()).isLessThan(REDUCTION); // blocks of the CPU
    assertThat(device.isAbandoned()).isFalse();
  }

  @Test
  void rowsThatAreDoneOneByOneAreATileEach() {
    ScarceProvider device = ScarceProvider.withRoomFor(REDUCTION);
    run(device, new Rows(1_000, /* together= */ false), 5_000);
    assertThat(device.tiles()).containsExactly(1_000, 1_000, 1_000, 1_000, 1_000);
  }

  @Test
  void aDeviceThatFailedDoesNothingMore() {
    ScarceProvider device = ScarceProvider.failingAt(0, new DeviceException("broken", null));
    run(device, Rows.NONE, 2 * REDUCTION);
    assertThat(device.isAbandoned()).isTrue();
    assertThat(device.tiles()).containsExactly(2 * REDUCTION);
  }

  @Test
  void whatWasDoneOfATileThatFailedDoesNotCount() {
    ScarceProvider device = ScarceProvider.failingAt(0, ScarceProvider.full(true));
    Remembering work = run(device, Rows.NONE, REDUCTION);
    assertThat(work.accepted).hasSize(1);
    assertThat(device.waits()).isEqualTo(1);
  }
}
