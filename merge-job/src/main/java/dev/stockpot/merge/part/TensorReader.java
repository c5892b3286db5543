package dev.stockpot.merge.part;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.plan.TensorWork;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Reads pieces of tensors into Arrow's buffers; a shard stays open while a task lasts. A shard is
 * read by one thread at a time.
 */
final class TensorReader implements Closeable {
  private final ObjectSource store;
  private final boolean checkFinite;
  private final Stopwatch watch;
  private final Map<StoredObject, RangeReader> open = new ConcurrentHashMap<>();
  private final Map<StoredObject, List<ByteRange>> announced = new HashMap<>();

  TensorReader(ObjectSource store, boolean checkFinite, Stopwatch watch) {
    this.store = store;
    this.checkFinite = checkFinite;
    this.watch = watch;
  }

  /** Says what will be read, before the first of it is. */
  void announce(List<SliceTask> slices) {
    Set<StoredObject> shared = new HashSet<>();
    for (SliceTask slice : slices) {
      Set<StoredObject> shards = new HashSet<>();
      for (TensorInfo input : slice.work().inputs()) {
        announced
            .computeIfAbsent(input.shard(), shard -> new ArrayList<>())
            .add(bytes(slice, input));
        if (!shards.add(input.shard())) { // read by turns, so that nothing follows on anything
          shared.add(input.shard());
        }
      }
    }
    announced.keySet().removeAll(shared);
  }

  /** Whether a shard is to be read while others are. */
  boolean readsSideBySide(StoredObject shard) {
    return store.readsSideBySide(shard.location());
  }

  /** Of its shard. */
  private static ByteRange bytes(SliceTask slice, TensorInfo input) {
    long begin = input.bytes().begin();
    if (slice.work() instanceof TensorWork.Copy) {
      return new ByteRange(begin + slice.bytes().begin(), begin + slice.bytes().end());
    }
    long first = begin + slice.firstElement() * input.dtype().bytes();
    return new ByteRange(first, first + slice.elements() * input.dtype().bytes());
  }

  /**
   * Fills the beginning of a buffer. Pieces of different shards may be read at once.
   *
   * @throws NonFiniteException if elements are to be checked and one is NaN or infinite
   */
  void read(Load.Piece piece, ArrowBuf into) throws IOException {
    long since = System.nanoTime();
    TensorInfo tensor = piece.tensor();
    reader(tensor.shard())
        .read(tensor.bytes().begin() + piece.begin(), into.nioBuffer(0, piece.bytes()));
    DType dtype = tensor.dtype();
    if (checkFinite && dtype.isReadable()) {
      Operand elements = new Operand(into, dtype, piece.bytes() / dtype.bytes());
      NonFiniteException.check(tensor, piece.begin() / dtype.bytes(), elements);
    }
    watch.read(piece.bytes(), since);
  }

  private RangeReader reader(StoredObject shard) throws IOException {
    RangeReader reader = open.get(shard);
    if (reader == null) {
      reader = store.open(shard);
      reader.announce(announced.getOrDefault(shard, List.of()));
      open.put(shard, reader);
    }
    return reader;
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (RangeReader reader : open.values()) {
      try {
        reader.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
