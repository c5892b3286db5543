package dev.stockpot.merge.storage;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Many stores as one: a location's scheme says which of them it is in. A scheme can have a source
 * alone, where nothing is written; those that nobody named all go to one store.
 */
public final class RoutingStore implements ObjectStore {
  private static final long serialVersionUID = 1;

  private final HashMap<String, ObjectSource> sources;
  private final HashMap<String, ObjectStore> stores;
  private final ObjectStore others;

  private RoutingStore(
      Map<String, ObjectSource> sources, Map<String, ObjectStore> stores, ObjectStore others) {
    this.sources = new HashMap<>(sources);
    this.stores = new HashMap<>(stores);
    this.others = requireNonNull(others, "others is null");
  }

  /** One store for every scheme. */
  public static RoutingStore to(ObjectStore others) {
    return new RoutingStore(Map.of(), Map.of(), others);
  }

  /** The same, but for a scheme in lower case; {@link Location#FILE} for plain paths, too. */
  public RoutingStore withStore(String scheme, ObjectStore store) {
    RoutingStore changed = withSource(scheme, store);
    changed.stores.put(scheme, store);
    return changed;
  }

  /**
   * The same, but for one scheme, which can only be read.
   *
   * @param scheme in lower case
   */
  public RoutingStore withSource(String scheme, ObjectSource source) {
    RoutingStore changed = new RoutingStore(sources, stores, others);
    changed.sources.put(scheme, requireNonNull(source, "source is null"));
    changed.stores.remove(scheme);
    return changed;
  }

  private ObjectSource source(Location location) {
    return sources.getOrDefault(location.scheme(), others);
  }

  private ObjectStore store(Location location) {
    String scheme = location.scheme();
    ObjectStore store = sources.containsKey(scheme) ? stores.get(scheme) : others;
    if (store == null) {
      throw new UserException(
          "%s: %s:// can be read, but nothing can be written there. Name an output elsewhere"
              .formatted(location, scheme));
    }
    return store;
  }

  @Override
  public List<StoredObject> list(Location folder) throws IOException {
    return source(folder).list(folder);
  }

  @Override
  public List<Location> folders(Location folder) throws IOException {
    return source(folder).folders(folder);
  }

  @Override
  public List<String> unspelled(Location folder) throws IOException {
    return source(folder).unspelled(folder);
  }

  @Override
  public Set<String> tree(Location folder, int most) throws IOException {
    return store(folder).tree(folder, most);
  }

  @Override
  public Optional<StoredObject> find(Location object) throws IOException {
    return source(object).find(object);
  }

  @Override
  public RangeReader open(StoredObject object) throws IOException {
    return source(object.location()).open(object);
  }

  @Override
  public boolean readsSideBySide(Location object) {
    return source(object).readsSideBySide(object);
  }

  @Override
  public PendingFolder create(Location folder, Replaceable replaceable) throws IOException {
    return store(folder).create(folder, replaceable);
  }

  @Override
  public PendingFolder resume(Location folder, Replaceable replaceable) throws IOException {
    return store(folder).resume(folder, replaceable);
  }

  @Override
  public List<Location> unfinished(Location folder) throws IOException {
    return store(folder).unfinished(folder);
  }

  @Override
  public void remove(Location folder, Replaceable doomed) throws IOException {
    store(folder).remove(folder, doomed);
  }

  @Override
  public PartSink open(PartTicket ticket, BufferAllocator memory) throws IOException {
    return store(ticket.target()).open(ticket, memory);
  }

  @Override
  public ObjectStore forMerge(String merge) {
    RoutingStore own = to(others.forMerge(merge));
    sources.forEach((scheme, source) -> own.sources.put(scheme, source.forMerge(merge)));
    stores.forEach(
        (scheme, store) -> {
          ObjectStore ofMerge = store.forMerge(merge);
          own.sources.put(scheme, ofMerge);
          own.stores.put(scheme, ofMerge);
        });
    return own;
  }

  @Override
  public void refresh(Duration age) throws IOException {
    for (ObjectSource source : all().toList()) {
      source.refresh(age);
    }
  }

  /** One that serves several schemes counts once. */
  private Stream<ObjectSource> all() {
    return Stream.concat(Stream.of(others), sources.values().stream()).distinct();
  }

  @Override
  public Use use() {
    List<Use> uses = all().map(ObjectSource::use).toList();
    return () -> uses.forEach(Use::close);
  }

  @Override
  public StoreRequests requests() {
    return all().map(ObjectSource::requests).reduce(StoreRequests.NONE, StoreRequests::plus);
  }

  @Override
  public StoreRequests takeRequests() {
    return all().map(ObjectSource::takeRequests).reduce(StoreRequests.NONE, StoreRequests::plus);
  }
}
