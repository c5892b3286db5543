package dev.stockpot.merge.hub;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A repository at a commit: what is in it, and which of that lies in the cache.
 *
 * @param files by path
 * @param cached files of this machine, by path in the repository
 */
record Snapshot(HubPlace repository, TreeMap<String, HubFile> files, HashMap<String, String> cached)
    implements Serializable {
  Snapshot {
    requireNonNull(repository, "repository is null");
    files = new TreeMap<>(files);
    cached = new HashMap<>(cached);
    cached.keySet().retainAll(files.keySet());
  }

  static Snapshot of(HubPlace repository, Map<String, HubFile> files, Map<String, String> cached) {
    return new Snapshot(repository, new TreeMap<>(files), new HashMap<>(cached));
  }

  /** Where a file lies on this machine, if it is in the cache. */
  Optional<String> cached(String path) {
    return Optional.ofNullable(cached.get(path));
  }

  Optional<HubFile> file(String path) {
    return Optional.ofNullable(files.get(path));
  }
}
