package dev.stockpot.merge.storage;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
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
  default PendingFolder create(Location folder, boolean overwrite) throws IOException {
    return store().create(folder, overwrite);
  }

  @Override
  default PendingFolder resume(Location folder, boolean overwrite) throws IOException {
    return store().resume(folder, overwrite);
  }

  @Override
  default PartSink open(PartTicket ticket, BufferAllocator memory) throws IOException {
    return store().open(ticket, memory);
  }
}
