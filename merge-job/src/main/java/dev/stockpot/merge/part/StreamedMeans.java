package dev.stockpot.merge.part;

import dev.stockpot.kernels.HostMemory;
import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Operand;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.RowMean;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Finds the means of all rows of tensors, each once in a task: rows that no token has are many, and
 * each of them is that mean. It reads by itself, for it wants all of a tensor and keeps none of it.
 */
final class StreamedMeans implements RowMeans {
  private final ObjectSource store;
  private final KernelProvider cpu;
  private final BufferAllocator memory;
  private final Stopwatch watch;
  private final IdentityHashMap<RowMean, float[]> known = new IdentityHashMap<>();

  StreamedMeans(ObjectSource store, KernelProvider cpu, BufferAllocator memory, Stopwatch watch) {
    this.store = store;
    this.cpu = cpu;
    this.memory = memory;
    this.watch = watch;
  }

  @Override
  public void write(RowMean mean, ElementSpan span, ArrowBuf into, long place) throws IOException {
    float[] row = known.get(mean);
    if (row == null) {
      row = find(mean);
      known.put(mean, row);
    }
    for (long i = 0; i < span.count(); i++) {
      into.setFloat(place + i * Float.BYTES, row[Math.toIntExact(span.first() + i)]);
    }
  }

  private float[] find(RowMean mean) throws IOException {
    double[] sums = new double[Math.toIntExact(mean.shape().elements())];
    try (TensorReader reader = new TensorReader(store, /* checkFinite= */ false, watch)) {
      for (ElementSpan block : mean.blocks()) {
        LoadBuilder load = new LoadBuilder(/* checkFinite= */ false, this);
        add(load.add(mean.rows(), block).load(0), reader, sums);
      }
    }
    float[] row = new float[sums.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) (sums[i] / mean.rows().map().rows());
    }
    return row;
  }

  private void add(Load load, TensorReader reader, double[] sums) throws IOException {
    List<ArrowBuf> buffers = new ArrayList<>();
    try {
      load.buffers().forEach(bytes -> buffers.add(HostMemory.PLAIN.buffer(memory, bytes)));
      for (Load.Piece piece : load.pieces()) {
        reader.read(piece, buffers.get(piece.buffer()));
      }
      try (Loaded loaded = new Loaded(load, buffers, () -> {})) {
        loaded.assemble(cpu);
        Operand rows = loaded.operand(0);
        for (int first = 0; first < rows.elements(); first += sums.length) {
          for (int i = 0; i < sums.length; i++) {
            sums[i] += rows.at(first + i);
          }
        }
      }
    } finally {
      buffers.forEach(ArrowBuf::close);
    }
  }
}
