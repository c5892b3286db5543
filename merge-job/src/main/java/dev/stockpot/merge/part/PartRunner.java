package dev.stockpot.merge.part;

import dev.stockpot.kernels.HostMemory;
import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.UpdateTally;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.device.DeviceSharing;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.observe.Observation;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.Statistic;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.plan.TensorWork;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PartReceipt;
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
  private final Optional<DeviceSharing> device;
  private final HostMemory host;
  private final PartSettings settings;
  private final SliceLoads loads;
  private final BufferAllocator memory;
  private final Stopwatch watch = new Stopwatch();
  private final Map<String, Observation> observations = new HashMap<>();

  /**
   * A runner for one task.
   *
   * @param memory whose limit is that of the task's inputs and outputs, and of the part that it
   *     makes, for stores that hold it until it is uploaded
   */
  public PartRunner(
      ObjectStore store, KernelProvider provider, PartSettings settings, BufferAllocator memory) {
    this.store = store;
    this.provider = provider;
    this.device = provider.device();
    this.host = provider.hostMemory();
    this.settings = device.map(settings::forDevice).orElse(settings);
    this.loads = new SliceLoads(this.settings);
    this.memory = memory;
  }

  /** Makes a part and writes it where its ticket says. */
  public PartResult run(PartTask task, PartTicket ticket) throws IOException {
    List<Load> wanted = new ArrayList<>();
    task.slices().forEach(slice -> wanted.addAll(loads.ofPart(slice)));
    List<PartResult.SliceChecksum> checksums = new ArrayList<>();
    Map<String, LostUpdates> updates = new HashMap<>();
    try (PartSink sink = store.open(ticket, memory);
        TensorReader reader = new TensorReader(store, settings.checkFinite(), watch);
        ReadAhead inputs = readAhead(task.slices(), wanted, reader)) {
      inputs.start();
      Optional<ByteBuffer> front = task.front();
      if (front.isPresent()) {
        sink.write(front.get());
      }
      for (SliceTask slice : task.slices()) {
        SliceWriter writer = new SliceWriter(sink, slice, watch);
        if (slice.work() instanceof TensorWork.Merge merge) {
          LostUpdates found = merge(merge, slice, inputs, writer);
          if (found.updated() > 0) {
            updates.merge(merge.output().name(), found, LostUpdates::plus);
          }
        } else {
          copy(slice, inputs, writer);
        }
        checksums.add(writer.checksum());
      }
      PartReceipt receipt = sink.finish();
      watch.wrote(0);
      return new PartResult(task.shard(), receipt, checksums, updates, observations, watch.times());
    }
  }

  /** Finds in consecutive slices what their programs want to know, added up. */
  public Statistic scan(List<SliceTask> slices) throws IOException {
    List<Load> wanted = new ArrayList<>();
    slices.forEach(slice -> wanted.addAll(loads.scanned(slice, scan(slice))));
    List<Statistic> found = new ArrayList<>();
    try (TensorReader reader = new TensorReader(store, settings.checkFinite(), watch);
        ReadAhead ahead = readAhead(slices, wanted, reader)) {
      for (SliceTask slice : slices) {
        Rows rows = ((TensorWork.Merge) slice.work()).program().rows();
        try (SliceInputs inputs = SliceInputs.streamed(ahead);
            SliceKernels kernels = new SliceKernels(provider, KernelChoice.cpu(), 0)) {
          found.add(scan(scan(slice), rows, slice, inputs, kernels));
        }
      }
    }
    return Statistic.sum(found);
  }

  private static Scan scan(SliceTask slice) {
    return ((TensorWork.Merge) slice.work()).program().scan().orElseThrow();
  }

  /** Where the time went so far, and what was moved. */
  public PartTimes times() {
    return watch.times();
  }

  private ReadAhead readAhead(List<SliceTask> slices, List<Load> wanted, TensorReader reader) {
    reader.announce(slices);
    return new ReadAhead(wanted, reader, host, memory, settings.taskBytes(), watch);
  }

  private void copy(SliceTask slice, ReadAhead inputs, SliceWriter writer) throws IOException {
    for (long left = slice.bytes().length(); left > 0; ) {
      try (Loaded copied = inputs.next()) {
        ByteBuffer bytes = copied.bytes();
        left -= bytes.remaining();
        writer.write(bytes);
      }
    }
  }

  private LostUpdates merge(
      TensorWork.Merge work, SliceTask slice, ReadAhead ahead, SliceWriter writer)
      throws IOException {
    if (slice.bytes().length() == 0) {
      return LostUpdates.NONE;
    }
    MergeProgram program = work.program();
    boolean scans = program.scan().isPresent();
    try (SliceInputs inputs = scans ? SliceInputs.held(ahead) : SliceInputs.streamed(ahead);
        SliceKernels kernels =
            new SliceKernels(provider, KernelChoice.cpu(), scans ? slice.bytesRead() : 0)) {
      for (Optional<Scan> scan = program.scan(); scan.isPresent(); scan = program.scan()) {
        program = program.knowing(scan(scan.get(), program.rows(), slice, inputs, kernels));
      }
      return merge(program, slice, inputs, kernels, writer);
    }
  }

  private LostUpdates merge(
      MergeProgram program,
      SliceTask slice,
      SliceInputs inputs,
      SliceKernels kernels,
      SliceWriter writer)
      throws IOException {
    TensorWork.Merge work = (TensorWork.Merge) slice.work();
    int bytes = work.output().dtype().bytes();
    LostUpdates found = LostUpdates.NONE;
    int step = loads.chunkElements(slice);
    try (SliceObserver observer = SliceObserver.of(work, settings);
        SliceKernels.Pass merge =
            kernels.merge(program, onDevice(slice, program.rows()), observer.kept());
        ArrowBuf merged = host.buffer(memory, (long) step * bytes)) {
      for (Block chunk : loads.chunks(slice)) {
        List<Operand> operands = inputs.chunk(chunk);
        Optional<UpdateTally> updates =
            work.countsUpdates()
                ? Optional.of(new UpdateTally(operands.get(work.origin())))
                : Optional.empty();
        Operand output =
            new Operand(merged, work.output().dtype(), chunk.count(), work.rounding(), updates);
        merge.run(chunk, operands, Optional.of(output));
        found = updates.map(UpdateTally::found).orElse(LostUpdates.NONE).plus(found);
        observer.observe(chunk, operands, output);
        watch.merged();
        writer.write(merged.nioBuffer(0, chunk.count() * bytes));
      }
      observer
          .found()
          .ifPresent(seen -> observations.merge(work.output().name(), seen, Observation::plus));
      return found;
    }
  }

  private Statistic scan(
      Scan scan, Rows rows, SliceTask slice, SliceInputs inputs, SliceKernels kernels)
      throws IOException {
    try (SliceKernels.ScanPass look = kernels.scan(scan, rows, onDevice(slice, rows))) {
      for (Block chunk : loads.chunks(slice, scan)) {
        look.run(chunk, inputs.chunk(chunk), Optional.empty());
      }
      watch.merged();
      return look.found();
    }
  }

  /** Whether a device, if there is one, computes the slice. */
  private boolean onDevice(SliceTask slice, Rows rows) {
    boolean whole = rows.areOneByOne() || loads.chunksAreWhole(slice);
    return whole && device.filter(it -> it.pays(slice.elements(), rows)).isPresent();
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
