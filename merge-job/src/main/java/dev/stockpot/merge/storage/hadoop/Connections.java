package dev.stockpot.merge.storage.hadoop;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoreRequests;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file systems of one merge in this JVM, and what was asked of them: it is they who count
 * requests, so that those of two merges at the same time are told apart by nothing else. Those of
 * the merges that were here last stay open, because a task of theirs may come again.
 */
final class Connections {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  /** So many merges may be without a task here and yet keep their file systems. */
  private static final int MOST_IDLE = 4;

  private static final Map<Owner, Connections> ALL = new LinkedHashMap<>(16, 0.75f, true);
  private static StoreRequests ofClosed = StoreRequests.NONE;

  private final Owner owner;
  private final Map<Place, FileSystem> open = new HashMap<>();
  private final AtomicLong partsPut = new AtomicLong(); // Hadoop counts their bytes only
  private final AtomicInteger uses = new AtomicInteger();
  private StoreRequests taken = StoreRequests.NONE;

  /**
   * Whose they are.
   *
   * @param entries of Hadoop's configuration
   * @param merge empty for whatever is no merge
   */
  record Owner(Map<String, String> entries, String merge) {
    Owner {
      entries = Map.copyOf(entries);
    }

    @Override
    public String toString() { // entries may hold secrets
      return merge;
    }
  }

  private record Place(String scheme, String authority) {
    static Place of(URI uri) {
      return new Place(
          String.valueOf(uri.getScheme()),
          String.valueOf(uri.getAuthority()).toLowerCase(Locale.ROOT));
    }
  }

  private Connections(Owner owner) {
    this.owner = owner;
  }

  /** The owner's, which are those that it had, unless many others were here since. */
  static Connections of(Owner owner) {
    Connections own;
    List<Connections> left = List.of();
    synchronized (ALL) {
      own = ALL.get(owner);
      if (own == null) {
        left = forgetIdle();
        own = new Connections(owner);
        ALL.put(owner, own);
      }
    }
    left.forEach(Connections::close);
    return own;
  }

  /** All but the latest of those that nobody uses. The map has the one used longest ago first. */
  private static List<Connections> forgetIdle() {
    List<Connections> idle = new ArrayList<>();
    for (Connections each : ALL.values()) {
      if (each.uses.get() == 0 && !each.owner.merge().isEmpty()) {
        idle.add(each);
      }
    }
    List<Connections> left = idle.subList(0, Math.max(0, idle.size() - MOST_IDLE));
    for (Connections each : left) {
      ofClosed = ofClosed.plus(each.requests());
      ALL.remove(each.owner);
    }
    return left;
  }

  /** The owner's stay open until this is closed. */
  static ObjectSource.Use use(Owner owner) {
    synchronized (ALL) {
      Connections own = of(owner);
      own.uses.incrementAndGet();
      return own.uses::decrementAndGet;
    }
  }

  /** The file system of a path. */
  synchronized FileSystem open(Location location, Path path) throws IOException {
    URI uri = path.toUri();
    FileSystem files = open.get(Place.of(uri));
    if (files == null) {
      files = FileSystems.open(owner.entries(), location, uri);
      open.put(Place.of(uri), files);
    }
    return files;
  }

  void finishedPart() {
    partsPut.incrementAndGet();
  }

  /** What was asked for since this was called last. */
  synchronized StoreRequests takeRequests() {
    StoreRequests now = requests();
    StoreRequests since = now.minus(taken);
    taken = now;
    return since;
  }

  /** What this JVM has asked for since it started, as far as file systems count. */
  static StoreRequests requestsOfAll() {
    synchronized (ALL) {
      StoreRequests sum = ofClosed;
      for (Connections each : ALL.values()) {
        sum = sum.plus(each.requests());
      }
      return sum;
    }
  }

  private synchronized StoreRequests requests() {
    StoreRequests sum = new StoreRequests(0, partsPut.get(), 0, 0);
    for (FileSystem files : open.values()) {
      sum = sum.plus(CountedRequests.of(files));
    }
    return sum;
  }

  private synchronized void close() {
    for (FileSystem files : open.values()) {
      try {
        files.close();
      } catch (IOException e) {
        LOG.warn("{} was not closed: {}", files.getUri(), e.toString());
      }
    }
  }
}
