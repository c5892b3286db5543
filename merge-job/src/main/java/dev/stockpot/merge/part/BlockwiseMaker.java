package dev.stockpot.merge.part;

import dev.stockpot.kernels.NonFiniteTally;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.UpdateTally;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.kernels.statistic.Statistic;
import dev.stockpot.merge.plan.Blockwise;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;

/** Merges a slice block by block. */
final class BlockwiseMaker implements SliceMaker {
  private final Blockwise work;
  private final PartTools tools;
  private final SharedSlice slice;
  private final PartOutput output;
  private final SliceKernels kernels;
  private final Rows rows;
  private MergeProgram program;
  private Optional<Merging> merging = Optional.empty();
  private LostUpdates lost = LostUpdates.NONE;
  private NonFinite nonFinite = NonFinite.NONE;

  BlockwiseMaker(Blockwise work, PartTools tools, SharedSlice slice, PartOutput output) {
    this.work = work;
    this.tools = tools;
    this.slice = slice;
    this.output = output;
    this.program = work.program();
    this.rows = program.rows();
    long heldBytes = program.scan().isPresent() ? work.footprint(slice.span()).bytesRead() : 0;
    this.kernels = tools.kernels(heldBytes);
  }

  /** What is open from the first chunk to the last. */
  private record Merging(SliceObserver observer, SliceKernels.Pass pass, ArrowBuf merged)
      implements AutoCloseable {
    @Override
    public void close() {
      merged.close();
      pass.close();
      observer.close();
    }
  }

  @Override
  public void settle(Loaded held, List<Block> chunks) {
    for (Optional<Scan> scan = program.scan(); scan.isPresent(); scan = program.scan()) {
      program = program.knowing(found(scan.get(), held, chunks));
    }
  }

  private Statistic found(Scan scan, Loaded held, List<Block> chunks) {
    try (SliceKernels.ScanPass look =
        kernels.scan(scan, program.rows(), tools.isOnDevice(slice, rows))) {
      for (Block chunk : chunks) {
        if (scan.wants(chunk)) {
          look.run(chunk, held.operands(chunk), Optional.empty());
        }
      }
      tools.watch().merged();
      return look.found();
    }
  }

  private Merging open() {
    SliceObserver observer = SliceObserver.of(work, tools.settings());
    try {
      SliceKernels.Pass pass =
          kernels.merge(program, tools.isOnDevice(slice, rows), observer.kept());
      try {
        int step = tools.loads().chunkElements(slice);
        long bytes = (long) step * work.output().dtype().bytes();
        return new Merging(observer, pass, tools.buffer(bytes));
      } catch (RuntimeException e) {
        pass.close();
        throw e;
      }
    } catch (RuntimeException e) {
      observer.close();
      throw e;
    }
  }

  @Override
  public void make(Block chunk, Loaded inputs) throws IOException {
    if (merging.isEmpty()) {
      merging = Optional.of(open());
    }
    Merging at = merging.get();
    List<Operand> operands = inputs.operands(chunk);
    Optional<UpdateTally> updates =
        work.countsUpdates()
            ? Optional.of(new UpdateTally(operands.get(work.origin())))
            : Optional.empty();
    NonFiniteTally broken = new NonFiniteTally(operands);
    Operand result =
        new Operand(
            at.merged(),
            work.output().dtype(),
            chunk.count(),
            work.rounding(),
            updates,
            Optional.of(broken));
    at.pass().run(chunk, operands, Optional.of(result));
    nonFinite = nonFinite.plus(tools.settings().checked(broken, work.output()));
    lost = updates.map(UpdateTally::found).orElse(LostUpdates.NONE).plus(lost);
    at.observer().observe(chunk, operands, result);
    tools.watch().merged();
    int bytes = work.output().dtype().bytes();
    output.write(at.merged().nioBuffer(0, chunk.count() * bytes));
  }

  @Override
  public void end() {
    output.addUpdates(work.name(), lost);
    output.addNonFinite(work.name(), nonFinite);
    merging
        .flatMap(at -> at.observer().found())
        .ifPresent(seen -> output.addObservation(work.name(), seen));
  }

  @Override
  public void close() {
    merging.ifPresent(Merging::close);
    kernels.close();
  }
}
