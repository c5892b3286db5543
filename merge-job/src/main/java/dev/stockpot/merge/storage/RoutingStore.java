package dev.stockpot.merge.storage;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Two stores as one: plain paths and {@code file:} URIs go to one of them, URIs of every other
 * scheme to the other.
 */
public final class RoutingStore implements ObjectStore {
  private static final long serialVersionUID = 1;

  private final ObjectStore local;
  private final ObjectStore remote;

  public RoutingStore(ObjectStore local, ObjectStore remote) {
    this.local = requireNonNull(local, "local is null");
    this.remote = requireNonNull(remote, "remote is null");
  }

  private ObjectStore of(Location location) {
    return location.isRemote() ? remote : local;
  }

  @Override
  public List<StoredObject> list(Location folder) throws IOException {
    return of(folder).list(folder);
  }

  @Override
  public List<Location> folders(Location folder) throws IOException {
    return of(folder).folders(folder);
  }

  @Override
  public Optional<StoredObject> find(Location object) throws IOException {
    return of(object).find(object);
  }

  @Override
  public RangeReader open(StoredObject object) throws IOException {
    return of(object.location()).open(object);
  }

  @Override
  public PendingFolder create(Location folder, boolean overwrite) throws IOException {
    return of(folder).create(folder, overwrite);
  }

  @Override
  public PendingFolder resume(Location folder, boolean overwrite) throws IOException {
    return of(folder).resume(folder, overwrite);
  }

  @Override
  public PartSink open(PartTicket ticket, BufferAllocator memory) throws IOException {
    return of(ticket.target()).open(ticket, memory);
  }

  @Override
  public ObjectStore forMerge(String merge) {
    return new RoutingStore(local.forMerge(merge), remote.forMerge(merge));
  }

  @Override
  public Use use() {
    Use ofLocal = local.use();
    Use ofRemote = remote.use();
    return () -> {
      ofRemote.close();
      ofLocal.close();
    };
  }

  @Override
  public StoreRequests requests() {
    return local.requests().plus(remote.requests());
  }

  @Override
  public StoreRequests takeRequests() {
    return local.takeRequests().plus(remote.takeRequests());
  }
}
