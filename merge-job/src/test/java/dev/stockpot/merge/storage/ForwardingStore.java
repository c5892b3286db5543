package dev.stockpot.merge.storage;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;

/** Does what another store does, but for what is overridden. */
public interface ForwardingStore extends ObjectStore {
  ObjectStore store();

  @Override
  default List<StoredObject> list(Location folder) throws IOException {
    return store().list(folder);
  }

  @Override
  default List<Location> folders(Location folder) throws IOException {
    return store().folders(folder);
  }

  @Override
  default Set<String> tree(Location folder, int most) throws IOException {
    return store().tree(folder, most);
  }

  @Override
  default Optional<StoredObject> find(Location object) throws IOException {
    return store().find(object);
  }

  @Override
  default RangeReader open(StoredObject object) throws IOException {
    return store().open(object);
  }

  @Override
  default boolean readsSideBySide(Location object) {
    return store().readsSideBySide(object);
  }

  @Override
  default PendingFolder create(Location folder, Replaceable replaceable) throws IOException {
    return store().create(folder, replaceable);
  }

  @Override
  default PendingFolder resume(Location folder, Replaceable replaceable) throws IOException {
    return store().resume(folder, replaceable);
  }

  @Override
  default List<Location> unfinished(Location folder) throws IOException {
    return store().unfinished(folder);
  }

  @Override
  default void remove(Location folder, Replaceable doomed) throws IOException {
    store().remove(folder, doomed);
  }

  @Override
  default PartSink open(PartTicket ticket, BufferAllocator memory) throws IOException {
    return store().open(ticket, memory);
  }
}
