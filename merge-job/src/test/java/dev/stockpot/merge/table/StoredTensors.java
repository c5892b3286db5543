package dev.stockpot.merge.table;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.ForwardingStore;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/** Tensors of files in memory, and how many of these are open. */
final class StoredTensors implements ForwardingStore {
  private static final long serialVersionUID = 1;

  private final MemoryStore store = new MemoryStore();
  private int opened;
  private int open;
  private int users;

  @Override
  public MemoryStore store() {
    return store;
  }

  /** Files that were opened so far. */
  int opened() {
    return opened;
  }

  /** Files that are open. */
  int open() {
    return open;
  }

  /** Those for whom connections are kept. */
  int users() {
    return users;
  }

  @Override
  public ObjectSource.Use use() {
    users++;
    return () -> users--;
  }

  @Override
  public RangeReader open(StoredObject object) throws IOException {
    RangeReader reader = store.open(object);
    opened++;
    open++;
    return new RangeReader() {
      @Override
      public void read(long position, ByteBuffer into) throws IOException {
        reader.read(position, into);
      }

      @Override
      public void close() throws IOException {
        open--;
        reader.close();
      }
    };
  }

  /** A tensor behind eight bytes of a file of its own. */
  TensorInfo tensor(String name, DType type, Consumer<ByteBuffer> elements, long... shape) {
    Shape of = Shape.of(shape);
    int bytes = Math.toIntExact(TensorInfo.byteCount(type, of));
    ByteBuffer file = ByteBuffer.allocate(8 + bytes).order(ByteOrder.LITTLE_ENDIAN);
    elements.accept(file.putLong(-1));
    Location place = new Location("/m/" + name + ".safetensors");
    store.write(place, file.array());
    return new TensorInfo(
        name, type, of, store.find(place).orElseThrow(), new ByteRange(8, 8 + bytes));
  }

  TensorInfo floats(String name, float... elements) {
    return tensor(
        name,
        DType.F32,
        file -> {
          for (float element : elements) {
            file.putFloat(element);
          }
        },
        elements.length);
  }
}
