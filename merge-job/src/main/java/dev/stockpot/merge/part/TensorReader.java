package dev.stockpot.merge.part;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.StoredRange;
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
  void announce(List<SharedSlice> slices) {
    Set<StoredObject> shared = new HashSet<>();
    for (SharedSlice slice : slices) {
      Set<StoredObject> shards = new HashSet<>();
      for (StoredRange range : slice.inputs().footprint(slice.span()).ranges()) {
        announced.computeIfAbsent(range.object(), any -> new ArrayList<>()).add(range.bytes());
        if (!shards.add(range.object())) { // read by turns, so that nothing follows on anything
          shared.add(range.object());
        }
      }
    }
    announced.keySet().removeAll(shared);
  }

  /** Whether a shard is to be read while others are. */
  boolean readsSideBySide(StoredObject shard) {
    return store.readsSideBySide(shard.location());
  }

  /**
   * Reads a piece to its place in a buffer. Pieces of different shards may be read at once.
   *
   * @throws NonFiniteException if its elements are to be checked and one is NaN or infinite
   */
  void read(Load.Piece piece, ArrowBuf into) throws IOException {
    long since = System.nanoTime();
    StoredRange range = piece.source().range(piece.span());
    int bytes = piece.bytes();
    reader(range.object()).read(range.bytes().begin(), into.nioBuffer(piece.place(), bytes));
    DType dtype = piece.source().dtype();
    if (checkFinite && piece.isChecked() && dtype.isReadable()) {
      int count = Math.toIntExact(piece.span().count());
      Operand elements = new Operand(into.slice(piece.place(), bytes), dtype, count);
      NonFiniteException.check(piece.source(), piece.span().first(), elements);
    }
    watch.read(bytes, since);
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
