package dev.stockpot.merge.part;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.Blockwise;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SliceLoadsTest {
  private static final int CHUNK = 4_096;
  private static final int CHUNKS = 5;
  private static final ByteRange WHOLE = new ByteRange(0, 4L * CHUNK * CHUNKS);

  private final SliceLoads loads =
      new SliceLoads(new PartSettings(CHUNK, 1 << 30, false, false), PartBench.NO_MEANS);

  /** Wants to see every second chunk before it merges. */
  private record EverySecondChunk() implements Scan {
    @Override
    public boolean wants(Block block) {
      return block.firstElement() / CHUNK % 2 == 1;
    }

    @Override
    public <V> BlockScan open(Kernels<V> kernels) {
      throw new IllegalStateException("nothing is scanned here");
    }
  }

  private record Program() implements MergeProgram {
    @Override
    public Optional<Scan> scan() {
      return Optional.of(new EverySecondChunk());
    }

    @Override
    public <V> BlockMerge open(Kernels<V> kernels) {
      throw new IllegalStateException("nothing is merged here");
    }
  }

  private static SharedSlice slice() {
    Shape shape = Shape.of(CHUNK * CHUNKS);
    StoredObject shard = new StoredObject(new Location("/a/m"), WHOLE.length(), "v1");
    TensorInfo tensor = new TensorInfo("t", DType.F32, shape, shard, WHOLE);
    Blockwise work =
        new Blockwise(
            new OutputTensor("t", DType.F32, shape),
            List.of(new Stored(tensor)),
            new Program(),
            Rounding.NEAREST,
            Blockwise.NO_ORIGIN,
            Blockwise.Sides.NONE);
    return new SharedSlice(List.of(new SliceTask(work, work.all())));
  }

  @Test
  void whatAScanDoesNotWantIsNotRead() {
    assertThat(loads.scanned(slice(), List.of(new EverySecondChunk())))
        .flatExtracting(Load::pieces)
        .extracting(piece -> piece.span().first())
        .containsExactly((long) CHUNK, 3L * CHUNK);
    assertThat(loads.chunks(slice(), List.of(new EverySecondChunk())))
        .extracting(Block::firstElement)
        .containsExactly((long) CHUNK, 3L * CHUNK);
  }

  @Test
  void aPartIsReadWhole() {
    assertThat(loads.ofPart(slice()))
        .flatExtracting(Load::pieces)
        .extracting(Load.Piece::bytes)
        .containsExactly((int) WHOLE.length());
  }
}
