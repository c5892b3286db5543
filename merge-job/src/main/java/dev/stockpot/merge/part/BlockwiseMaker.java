package dev.stockpot.merge.part;

import dev.stockpot.kernels.NonFiniteTally;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.UpdateTally;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.kernels.statistic.Statistic;
import dev.stockpot.merge.plan.Blockwise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
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
  private final List<NonFinite> nonFinite;

  BlockwiseMaker(Blockwise work, PartTools tools, SharedSlice slice, PartOutput output) {
    this.work = work;
    this.tools = tools;
    this.slice = slice;
    this.output = output;
    this.program = work.program();
    this.rows = program.rows();
    long heldBytes = program.scan().isPresent() ? work.footprint(slice.span()).bytesRead() : 0;
    this.kernels = tools.kernels(heldBytes);
    this.nonFinite = new ArrayList<>(Collections.nCopies(work.outputs().size(), NonFinite.NONE));
  }

  /** What is open from the first chunk to the last. */
  private record Merging(SliceObserver observer, SliceKernels.Pass pass, List<ArrowBuf> merged)
      implements AutoCloseable {
    @Override
    public void close() {
      merged.forEach(ArrowBuf::close);
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
          look.run(chunk, held.operands(chunk), List.of());
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
        return new Merging(observer, pass, buffers());
      } catch (RuntimeException e) {
        pass.close();
        throw e;
      }
    } catch (RuntimeException e) {
      observer.close();
      throw e;
    }
  }

  /** One of a chunk for each output. */
  private List<ArrowBuf> buffers() {
    long step = tools.loads().chunkElements(slice);
    List<ArrowBuf> buffers = new ArrayList<>();
    try {
      work.outputs().forEach(made -> buffers.add(tools.buffer(step * made.dtype().bytes())));
      return buffers;
    } catch (RuntimeException e) {
      buffers.forEach(ArrowBuf::close);
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
    List<NonFiniteTally> broken =
        work.outputs().stream().map(made -> new NonFiniteTally(operands)).toList();
    Operand result =
        new Operand(
            at.merged().get(0),
            work.output().dtype(),
            chunk.count(),
            work.rounding(),
            updates,
            Optional.of(broken.get(0)));
    at.pass().run(chunk, operands, results(at, chunk, result, broken));
    for (int i = 0; i < broken.size(); i++) {
      NonFinite found = tools.settings().checked(broken.get(i), work.outputs().get(i));
      nonFinite.set(i, nonFinite.get(i).plus(i == 0 ? found : found.ofOutput()));
    }
    lost = updates.map(UpdateTally::found).orElse(LostUpdates.NONE).plus(lost);
    at.observer().observe(chunk, operands.subList(0, work.models().size()), result);
    tools.watch().merged();
    for (int i = 0; i < at.merged().size(); i++) {
      int bytes = work.outputs().get(i).dtype().bytes();
      output.write(i, at.merged().get(i).nioBuffer(0, chunk.count() * bytes));
    }
  }

  /** The merged chunk, then what comes of it beside. */
  private List<Operand> results(
      Merging at, Block chunk, Operand merged, List<NonFiniteTally> broken) {
    List<Operand> results = new ArrayList<>();
    results.add(merged);
    for (int i = 1; i < at.merged().size(); i++) {
      DType type = work.outputs().get(i).dtype();
      results.add(
          new Operand(
              at.merged().get(i),
              type,
              chunk.count(),
              Rounding.NEAREST,
              Optional.empty(),
              Optional.of(broken.get(i))));
    }
    return results;
  }

  @Override
  public void end() {
    output.addUpdates(work.name(), lost);
    for (int i = 0; i < nonFinite.size(); i++) {
      output.addNonFinite(work, i, nonFinite.get(i));
    }
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
