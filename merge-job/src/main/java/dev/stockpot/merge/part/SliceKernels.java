package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.method.Scan.BlockScan;
import dev.stockpot.kernels.statistic.KeptTally;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Who computes the chunks of one slice: the CPU with kernels that stay open, or a device tile by
 * tile, where that pays.
 */
final class SliceKernels implements AutoCloseable {
  private final KernelProvider provider;
  private final KernelProvider cpu;
  private final Optional<ResidentTile> resident;

  /**
   * @param cpu who takes over where a device does not pay, or fails
   * @param heldBytes of the whole slice's inputs, if all passes find them at the same place; else 0
   */
  SliceKernels(KernelProvider provider, KernelProvider cpu, long heldBytes) {
    this.provider = provider;
    this.cpu = cpu;
    this.resident =
        provider
            .device()
            .filter(any -> heldBytes > 0)
            .map(device -> new ResidentTile(provider, device, heldBytes));
  }

  /** Frees the device, wherever the passes ended. */
  @Override
  public void close() {
    resident.ifPresent(ResidentTile::close);
  }

  /** A pass over the chunks of a slice, in order. */
  interface Pass extends AutoCloseable {
    void run(Block chunk, List<Operand> inputs, List<Operand> outputs);

    @Override
    void close();
  }

  /** A pass that finds something. */
  interface ScanPass extends Pass {
    Statistic found();
  }

  /**
   * Merges.
   *
   * @param onDevice whether a device may do it, if there is one: chunks begin with reduction blocks
   * @param kept counts what drops leave, if somebody wants to know
   */
  Pass merge(MergeProgram program, boolean onDevice, Optional<KeptTally> kept) {
    Rows rows = program.rows();
    Optional<TileRunner> tiles = tiles(rows, onDevice);
    if (tiles.isPresent()) {
      return new Tiled(tiles.get()) {
        private Optional<KeptTally> ofTile = Optional.empty(); // a tile that fails is tried again

        @Override
        Consumer<Block> open(Kernels<?> kernels, List<Operand> inputs, List<Operand> outputs) {
          ofTile = kept.map(KeptTally::another);
          BlockMerge merge = SliceKernels.open(program, kernels, ofTile);
          return block -> merge.merge(block, inputs, outputs);
        }

        @Override
        void ran() {
          SliceKernels.this.close(); // the chunk is to be written, which takes a while
        }

        @Override
        void accept() {
          ofTile.ifPresent(counted -> kept.orElseThrow().add(counted));
        }
      };
    }
    Kernels<?> kernels = cpu(rows);
    BlockMerge merge = open(program, kernels, kept);
    return new Blockwise(kernels, rows) {
      @Override
      void ofBlock(Block block, List<Operand> inputs, List<Operand> outputs) {
        merge.merge(block, inputs, outputs);
      }
    };
  }

  private static BlockMerge open(
      MergeProgram program, Kernels<?> kernels, Optional<KeptTally> kept) {
    return kept.isPresent() ? program.open(kernels, kept.get()) : program.open(kernels);
  }

  /** Scans, as {@link #merge} merges. */
  ScanPass scan(Scan scan, Rows rows, boolean onDevice) {
    Optional<TileRunner> tiles = tiles(rows, onDevice);
    if (tiles.isPresent()) {
      return new TiledScan(tiles.get(), scan, () -> cpu(rows));
    }
    Kernels<?> kernels = cpu(rows);
    return new BlockwiseScan(kernels, rows, scan.open(kernels));
  }

  private Kernels<?> cpu(Rows rows) {
    return (provider.device().isPresent() ? cpu : provider).open(rows.elements());
  }

  private Optional<TileRunner> tiles(Rows rows, boolean onDevice) {
    if (rows.areOneByOne()) {
      close(); // each row opens the device, and one task must not wait for itself
    }
    return provider
        .device()
        .filter(any -> onDevice)
        .map(device -> new TileRunner(provider, device, cpu, rows, resident));
  }

  private abstract static class Blockwise implements Pass {
    private final Kernels<?> kernels;
    private final Rows rows;

    Blockwise(Kernels<?> kernels, Rows rows) {
      this.kernels = kernels;
      this.rows = rows.oneByOne();
    }

    abstract void ofBlock(Block block, List<Operand> inputs, List<Operand> outputs);

    @Override
    public final void run(Block chunk, List<Operand> inputs, List<Operand> outputs) {
      Block.each(
          chunk.firstElement(),
          chunk.count(),
          kernels.capacity(),
          rows,
          block -> ofBlock(block, inputs, outputs));
    }

    @Override
    public final void close() {
      kernels.close();
    }
  }

  private static final class BlockwiseScan extends Blockwise implements ScanPass {
    private final BlockScan look;

    BlockwiseScan(Kernels<?> kernels, Rows rows, BlockScan look) {
      super(kernels, rows);
      this.look = look;
    }

    @Override
    void ofBlock(Block block, List<Operand> inputs, List<Operand> outputs) {
      look.scan(block, inputs);
    }

    @Override
    public Statistic found() {
      return look.found();
    }
  }

  private abstract static class Tiled implements Pass {
    private final TileRunner tiles;

    Tiled(TileRunner tiles) {
      this.tiles = tiles;
    }

    abstract Consumer<Block> open(Kernels<?> kernels, List<Operand> inputs, List<Operand> outputs);

    void accept() {}

    /** A chunk is done. */
    void ran() {}

    @Override
    public final void run(Block chunk, List<Operand> inputs, List<Operand> outputs) {
      tiles.run(
          chunk,
          new TileRunner.Work() {
            @Override
            public Consumer<Block> open(Kernels<?> kernels) {
              return Tiled.this.open(kernels, inputs, outputs);
            }

            @Override
            public void accept() {
              Tiled.this.accept();
            }
          });
      ran();
    }

    @Override
    public final void close() {}
  }

  /** Tiles begin with reduction blocks, so what is found in them adds up as that of slices does. */
  private static final class TiledScan extends Tiled implements ScanPass {
    private final Scan scan;
    private final Supplier<Kernels<?>> cpu;
    private Optional<BlockScan> current = Optional.empty();
    private Optional<Statistic> sum = Optional.empty();

    TiledScan(TileRunner tiles, Scan scan, Supplier<Kernels<?>> cpu) {
      super(tiles);
      this.scan = scan;
      this.cpu = cpu;
    }

    @Override
    Consumer<Block> open(Kernels<?> kernels, List<Operand> inputs, List<Operand> outputs) {
      BlockScan look = scan.open(kernels);
      current = Optional.of(look);
      return block -> look.scan(block, inputs);
    }

    @Override
    void accept() {
      Statistic found = current.orElseThrow().found();
      sum = Optional.of(sum.map(before -> before.plus(found)).orElse(found));
    }

    @Override
    public Statistic found() {
      return sum.orElseGet(this::nothing);
    }

    /** What is found in no elements at all: a scan may want none of a slice. */
    private Statistic nothing() {
      try (Kernels<?> kernels = cpu.get()) {
        return scan.open(kernels).found();
      }
    }
  }
}
