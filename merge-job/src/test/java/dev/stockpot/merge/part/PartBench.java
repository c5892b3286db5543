package dev.stockpot.merge.part;

import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.Blockwise;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.plan.TensorWork;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.PendingFolder.Upload;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.rounding.SegmentRoundingPolicy;

/** Makes parts from and in a store in memory. All buffers must be returned. */
final class PartBench implements AutoCloseable {
  /** Bytes before the first tensor of a file, as if there were a header. */
  private static final int FRONT = 8;

  /** For loads that need no means of rows. */
  static final RowMeans NO_MEANS =
      (mean, span, into, place) -> {
        throw new AssertionError("nobody asks for " + mean);
      };

  private final MemoryStore store = new MemoryStore();
  private final BufferAllocator memory;
  private int outputs;

  /**
   * @param memoryBytes most bytes of all buffers at once
   */
  PartBench(long memoryBytes) {
    memory =
        new RootAllocator(
            AllocationListener.NOOP, memoryBytes, new SegmentRoundingPolicy(Footprint.PAGE_BYTES));
  }

  MemoryStore store() {
    return store;
  }

  BufferAllocator memory() {
    return memory;
  }

  /** A tensor of a file of its own. */
  Stored stored(String name, Shape shape, float... elements) {
    byte[] file = new byte[FRONT + Float.BYTES * elements.length];
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(FRONT);
    for (float element : elements) {
      bytes.putFloat(element);
    }
    return stored(name, DType.F32, shape, file);
  }

  /** A tensor of any type, of a file of its own, with its bytes. */
  Stored bytes(String name, DType dtype, Shape shape, byte... content) {
    byte[] file = new byte[FRONT + content.length];
    System.arraycopy(content, 0, file, FRONT, content.length);
    return stored(name, dtype, shape, file);
  }

  private Stored stored(String name, DType dtype, Shape shape, byte[] file) {
    Location location = new Location("/models/" + name);
    store.write(location, file);
    StoredObject object = store.find(location).orElseThrow();
    return new Stored(
        new TensorInfo(name, dtype, shape, object, new ByteRange(FRONT, file.length)));
  }

  /** Numbers from 0 on, in rows. */
  Stored counting(String name, long... dimensions) {
    Shape shape = Shape.of(dimensions);
    float[] elements = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = i;
    }
    return stored(name, shape, elements);
  }

  /** A weighted sum, not an average. */
  static Blockwise sum(String name, List<? extends TensorSource> models, double... weights) {
    return new Blockwise(
        new OutputTensor(name, DType.F32, models.get(0).shape()),
        List.copyOf(models),
        program("linear", models.get(0).shape(), weights),
        Rounding.NEAREST,
        Blockwise.NO_ORIGIN,
        Blockwise.Sides.NONE);
  }

  /** The program of a method that takes weights, for models of one shape. */
  static MergeProgram program(String method, Shape shape, double... weights) {
    List<ParameterValues> models = new ArrayList<>();
    for (double weight : weights) {
      models.add(new ParameterValues(Map.of("weight", weight)));
    }
    return MergeMethods.named(method)
        .orElseThrow()
        .program(
            new TensorTerms(
                "t",
                shape,
                0,
                models,
                OptionalInt.empty(),
                new ParameterValues(Map.of("normalize", false)),
                0));
  }

  PartRunner runner(PartSettings settings) {
    return new PartRunner(store, new ScalarProvider(), settings, memory);
  }

  /** A part that is all of a file. */
  static PartTask part(List<SliceTask> slices) {
    long bytes = slices.stream().mapToLong(slice -> slice.bytes().length()).sum();
    return new PartTask(
        0, 1, new ByteRange(0, bytes), SafetensorsLayout.CHECKPOINT, List.of(), slices);
  }

  /** All of a work as one slice. */
  static SliceTask whole(TensorWork work) {
    return new SliceTask(work, ElementSpan.all(work.shape()));
  }

  /** What one part has in it, as float32. */
  float[] made(PartSettings settings, SliceTask... slices) throws IOException {
    return floats(made(runner(settings), List.of(List.of(slices))).get(0));
  }

  /** What came of a part. */
  PartResult result(PartRunner runner, PartTask part) throws IOException {
    try (PendingFolder folder =
        store.create(new Location("/out/" + outputs++), Replaceable.NOTHING)) {
      Upload upload = folder.startUpload("file", part.range().length());
      return runner.run(part, upload.ticket(part.number(), part.range()));
    }
  }

  /** What the same part of several merges has in it. */
  List<ByteBuffer> made(PartRunner runner, List<List<SliceTask>> merges) throws IOException {
    List<PartTask> parts = merges.stream().map(PartBench::part).toList();
    List<PendingFolder> folders = new ArrayList<>();
    List<Upload> uploads = new ArrayList<>();
    List<PartTicket> tickets = new ArrayList<>();
    for (PartTask part : parts) {
      Location folder = new Location("/out/" + outputs++);
      folders.add(store.create(folder, Replaceable.NOTHING));
      Upload upload = folders.get(folders.size() - 1).startUpload("file", part.range().length());
      uploads.add(upload);
      tickets.add(upload.ticket(part.number(), part.range()));
    }
    List<PartResult> results = runner.run(parts, tickets);
    List<ByteBuffer> made = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      uploads.get(i).complete(List.of(results.get(i).receipt()));
      folders.get(i).publish();
      Location file = new Location("/out/%s/file".formatted(outputs - parts.size() + i));
      made.add(ByteBuffer.wrap(store.bytes(file)).order(ByteOrder.LITTLE_ENDIAN));
    }
    return made;
  }

  static float[] floats(ByteBuffer bytes) {
    float[] floats = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(floats);
    return floats;
  }

  @Override
  public void close() {
    memory.close();
  }
}
