package dev.stockpot.merge.part;

import dev.stockpot.kernels.Block;
import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.LostUpdates;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Scan;
import dev.stockpot.kernels.Scan.BlockScan;
import dev.stockpot.kernels.Statistic;
import dev.stockpot.kernels.UpdateTally;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.observe.Observation;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.plan.TensorWork;
import dev.stockpot.merge.safetensors.ShardHeaderWriter;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PartTicket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Makes parts on this machine. Safe to repeat: the same task writes the same bytes to the same
 * place.
 */
public final class PartRunner {
  private final ObjectStore store;
  private final KernelProvider provider;
  private final PartSettings settings;
  private final BufferAllocator memory;

  /**
   * A runner for one task at a time.
   *
   * @param memory whose limit is the task's
   */
  public PartRunner(
      ObjectStore store, KernelProvider provider, PartSettings settings, BufferAllocator memory) {
    this.store = store;
    this.provider = provider;
    this.settings = settings;
    this.memory = memory;
  }

  /** Makes a part and writes it where its ticket says. */
  public PartResult run(PartTask task, PartTicket ticket) throws IOException {
    Stopwatch watch = new Stopwatch();
    List<PartResult.SliceChecksum> checksums = new ArrayList<>();
    Map<String, LostUpdates> updates = new HashMap<>();
    Map<String, Observation> observations = new HashMap<>();
    try (PartSink sink = store.open(ticket);
        TensorReader reader = new TensorReader(store, settings.checkFinite(), watch)) {
      reader.announce(task.slices());
      if (!task.header().isEmpty()) {
        sink.write(ShardHeaderWriter.encode(task.header()));
      }
      for (SliceTask slice : task.slices()) {
        SliceWriter writer = new SliceWriter(sink, slice, watch);
        if (slice.work() instanceof TensorWork.Merge merge) {
          LostUpdates found = merge(merge, slice, reader, writer, watch, observations);
          if (found.updated() > 0) {
            updates.merge(merge.output().name(), found, LostUpdates::plus);
          }
        } else {
          copy((TensorWork.Copy) slice.work(), slice, reader, writer);
        }
        checksums.add(writer.checksum());
      }
      return new PartResult(task.shard(), sink.finish(), checksums, updates, observations, watch.times());
    }
  }

  /** Finds in consecutive slices what their programs want to know, added up. */
  public Statistic scan(List<SliceTask> slices) throws IOException {
    List<Statistic> found = new ArrayList<>();
    try (TensorReader reader = new TensorReader(store, settings.checkFinite(), new Stopwatch())) {
      reader.announce(slices);
      for (SliceTask slice : slices) {
        TensorWork.Merge work = (TensorWork.Merge) slice.work();
        Scan scan = work.program().scan().orElseThrow();
        try (SliceInputs inputs = streamed(work, slice, reader)) {
          found.add(scan(scan, row(work.program()), slice, inputs));
        }
      }
    }
    return Statistic.sum(found);
  }

  private void copy(TensorWork.Copy work, SliceTask slice, TensorReader reader, SliceWriter writer)
      throws IOException {
    int step = (int) Math.max(1, Math.min(settings.chunkElements(), slice.bytes().length()));
    try (ArrowBuf buffer = memory.buffer(step)) {
      for (long begin = slice.bytes().begin(); begin < slice.bytes().end(); begin += step) {
        int bytes = (int) Math.min(step, slice.bytes().end() - begin);
        if (settings.checkFinite() && work.input().dtype().isReadable()) {
          int size = work.input().dtype().bytes();
          reader.read(work.input(), begin / size, bytes / size, buffer);
        } else {
          reader.readBytes(work.input(), begin, buffer.nioBuffer(0, bytes));
        }
        writer.write(buffer.nioBuffer(0, bytes));
      }
    }
  }

  private LostUpdates merge(
      TensorWork.Merge work,
      SliceTask slice,
      TensorReader reader,
      SliceWriter writer,
      Stopwatch watch,
      Map<String, Observation> observations)
      throws IOException {
    if (slice.bytes().length() == 0) {
      return LostUpdates.NONE;
    }
    MergeProgram program = work.program();
    boolean scans = program.scan().isPresent();
    try (SliceInputs inputs =
        scans
            ? SliceInputs.held(work.inputs(), Math.toIntExact(slice.elements()), reader, memory)
            : streamed(work, slice, reader)) {
      for (Optional<Scan> scan = program.scan(); scan.isPresent(); scan = program.scan()) {
        program = program.knowing(scan(scan.get(), row(program), slice, inputs));
        watch.merged();
      }
      return merge(program, slice, inputs, writer, watch, observations);
    }
  }

  private LostUpdates merge(
      MergeProgram program,
      SliceTask slice,
      SliceInputs inputs,
      SliceWriter writer,
      Stopwatch watch,
      Map<String, Observation> observations)
      throws IOException {
    TensorWork.Merge work = (TensorWork.Merge) slice.work();
    int bytes = work.output().dtype().bytes();
    LostUpdates found = LostUpdates.NONE;
    int row = row(program);
    try (Kernels<?> kernels = provider.open(row);
        ArrowBuf merged = memory.buffer((long) chunkElements(slice) * bytes);
        SliceObserver observer = SliceObserver.of(work, settings)) {
      BlockMerge merge = observer.open(program, kernels);
      for (Block chunk : chunks(slice)) {
        List<Operand> operands = inputs.chunk(chunk);
        Optional<UpdateTally> updates =
            work.countsUpdates()
                ? Optional.of(new UpdateTally(operands.get(work.origin())))
                : Optional.empty();
        Operand output =
            new Operand(merged, work.output().dtype(), chunk.count(), work.rounding(), updates);
        Block.each(
            chunk.firstElement(),
            chunk.count(),
            kernels.capacity(),
            row,
            block -> merge.merge(block, operands, output));
        found = updates.map(UpdateTally::found).orElse(LostUpdates.NONE).plus(found);
        observer.observe(chunk, operands, output);
        watch.merged();
        writer.write(merged.nioBuffer(0, chunk.count() * bytes));
      }
      observer
          .found()
          .ifPresent(
              seen -> observations.merge(work.output().name(), seen, Observation::plus));
      return found;
    }
  }

  private Statistic scan(Scan scan, int row, SliceTask slice, SliceInputs inputs)
      throws IOException {
    try (Kernels<?> kernels = provider.open(row)) {
      BlockScan look = scan.open(kernels);
      for (Block chunk : chunks(slice)) {
        List<Operand> operands = inputs.chunk(chunk);
        Block.each(
            chunk.firstElement(),
            chunk.count(),
            kernels.capacity(),
            row,
            block -> look.scan(block, operands));
      }
      return look.found();
    }
  }

  private SliceInputs streamed(TensorWork.Merge work, SliceTask slice, TensorReader reader) {
    return SliceInputs.streamed(work.inputs(), chunkElements(slice), reader, memory);
  }

  /** Elements of one chunk; buffers that are held rather than streamed do not count. */
  private int chunkElements(SliceTask slice) {
    TensorWork.Merge work = (TensorWork.Merge) slice.work();
    int bytes = work.output().dtype().bytes();
    for (TensorInfo input : work.inputs()) {
      bytes += input.dtype().bytes();
    }
    long spare = TensorWork.PAGE_BYTES * (work.inputs().size() + 1);
    int chunk = settings.chunkElements(bytes, row(work.program()), spare);
    return (int) Math.min(chunk, slice.elements());
  }

  private static int row(MergeProgram program) {
    return Math.toIntExact(program.rowElements());
  }

  private List<Block> chunks(SliceTask slice) {
    int step = chunkElements(slice);
    List<Block> chunks = new ArrayList<>();
    long end = slice.firstElement() + slice.elements();
    for (long first = slice.firstElement(); first < end; first += step) {
      chunks.add(new Block(first, 0, (int) Math.min(step, end - first)));
    }
    return chunks;
  }

  /** Writes one slice and keeps its checksum. */
  private static final class SliceWriter {
    private final PartSink sink;
    private final SliceTask slice;
    private final Stopwatch watch;
    private final CRC32C crc = new CRC32C();

    SliceWriter(PartSink sink, SliceTask slice, Stopwatch watch) {
      this.sink = sink;
      this.slice = slice;
      this.watch = watch;
    }

    void write(ByteBuffer bytes) throws IOException {
      int count = bytes.remaining();
      crc.update(bytes.duplicate());
      sink.write(bytes);
      watch.wrote(count);
    }

    PartResult.SliceChecksum checksum() {
      return new PartResult.SliceChecksum(
          slice.work().output().name(),
          slice.bytes().begin(),
          slice.bytes().length(),
          (int) crc.getValue());
    }
  }
}
