package dev.stockpot.merge.hub;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectChangedException;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoreRequests;
import dev.stockpot.merge.storage.StoredObject;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files of a hub, for the process that knows who asks. What is sent to tasks is a {@link TaskHub}:
 * it has addresses of files, and nobody's token.
 */
final class HubSource extends HubFiles {
  private static final long serialVersionUID = 1;

  private static final Map<String, WeakReference<HubSource>> HERE = new ConcurrentHashMap<>();

  private final transient String name;
  private final transient Wire wire;
  private final transient HubAddresses addresses;

  /**
   * @param wire to the hub; its counts are this source's
   */
  HubSource(String name, HubApi api, Wire wire) {
    super(new Snapshots());
    this.name = requireNonNull(name, "name is null");
    this.addresses = new HubAddresses(api, snapshots());
    this.wire = wire;
    HERE.values().removeIf(source -> source.get() == null);
    HERE.put(name, new WeakReference<>(this));
  }

  /** A name that no other source has, in any process. */
  static String newName() {
    return UUID.randomUUID().toString();
  }

  /** The source of that name, if it is in this process. */
  static Optional<HubSource> here(String name) {
    return Optional.ofNullable(HERE.get(name)).map(WeakReference::get);
  }

  /** Names of those that are in this process. */
  static Set<String> here() {
    return Set.copyOf(HERE.keySet());
  }

  void add(Snapshot snapshot) {
    snapshots().add(snapshot);
  }

  @Override
  public RangeReader open(StoredObject object) throws IOException {
    Optional<Location> cached = snapshots().cached(object.location());
    if (cached.isPresent()) {
      return fromCache(object, cached.get());
    }
    StoredObject now =
        find(object.location())
            .orElseThrow(() -> new NoSuchFileException(object.location().path()));
    if (!now.equals(object)) {
      throw new ObjectChangedException(object, now);
    }
    return new HubReader(object, addresses.of(object.location()), wire);
  }

  /** Reads a file of the cache, which the hub's own programs may have taken away. */
  static RangeReader fromCache(StoredObject object, Location cached) throws IOException {
    LocalStore files = new LocalStore();
    StoredObject file =
        files
            .find(cached)
            .orElseThrow(
                () ->
                    new HubException(
                        "%s is gone from the cache (%s), or this machine has no such folder. Fetch the model to where every machine sees it: stockpot fetch"
                            .formatted(object.location(), cached)));
    if (file.size() != object.size()) {
      throw new ObjectChangedException(object, "%s bytes in the cache".formatted(file.size()));
    }
    return files.open(file);
  }

  @Override
  public void refresh(Duration age) throws IOException {
    addresses.refresh(age);
  }

  @Override
  public StoreRequests takeRequests() {
    return wire.counts().take();
  }

  /** What tasks get. */
  private Object writeReplace() {
    return new TaskHub(name, wire.endpoint(), snapshots(), addresses.all());
  }
}
