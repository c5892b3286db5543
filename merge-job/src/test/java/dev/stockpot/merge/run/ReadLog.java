package dev.stockpot.merge.run;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.ForwardingStore;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Files of this machine, and what was read of shards. */
final class ReadLog implements ForwardingStore {
  private static final long serialVersionUID = 1;

  private final LocalStore store = new LocalStore();
  private final transient Map<StoredObject, List<ByteRange>> reads = new ConcurrentHashMap<>();

  @Override
  public ObjectStore store() {
    return store;
  }

  @Override
  public RangeReader open(StoredObject object) throws IOException {
    RangeReader reader = store.open(object);
    List<ByteRange> ranges =
        reads.computeIfAbsent(object, any -> Collections.synchronizedList(new ArrayList<>()));
    return new RangeReader() {
      @Override
      public void read(long position, ByteBuffer into) throws IOException {
        ranges.add(new ByteRange(position, position + into.remaining()));
        reader.read(position, into);
      }

      @Override
      public void close() throws IOException {
        reader.close();
      }
    };
  }

  /**
   * How often the byte of a tensor that was read most often was read, by shard. What is read to
   * open a model begins before them.
   *
   * @param bytes of tensors in each shard, with which it ends
   */
  Map<String, Integer> most(long bytes) {
    Map<String, Integer> most = new TreeMap<>();
    reads.forEach(
        (object, ranges) -> {
          if (object.location().name().endsWith(".safetensors")) {
            long first = object.size() - bytes;
            List<ByteRange> ofTensors =
                ranges.stream().filter(range -> range.begin() >= first).toList();
            most.put(object.location().path(), most(ofTensors));
          }
        });
    return most;
  }

  private static int most(List<ByteRange> ranges) {
    Map<Long, Integer> changes = new TreeMap<>();
    for (ByteRange range : ranges) {
      changes.merge(range.begin(), 1, Integer::sum);
      changes.merge(range.end(), -1, Integer::sum);
    }
    int depth = 0;
    int deepest = 0;
    for (int change : changes.values()) {
      depth += change;
      deepest = Math.max(deepest, depth);
    }
    return deepest;
  }

  void forget() {
    reads.clear();
  }
}
