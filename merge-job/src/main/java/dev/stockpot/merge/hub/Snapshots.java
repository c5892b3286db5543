package dev.stockpot.merge.hub;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.io.Serializable;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Repositories at their commits, as folders and files. */
final class Snapshots implements Serializable {
  private static final long serialVersionUID = 1;

  private final ConcurrentHashMap<HubPlace, Snapshot> all = new ConcurrentHashMap<>();

  void add(Snapshot snapshot) {
    all.put(snapshot.repository(), snapshot);
  }

  Optional<Snapshot> of(HubPlace place) {
    return Optional.ofNullable(all.get(place.repository()));
  }

  private Snapshot required(Location location) throws NoSuchFileException {
    return HubPlace.of(location)
        .flatMap(this::of)
        .orElseThrow(() -> new NoSuchFileException(location.path()));
  }

  /** The file that a location names. */
  Optional<HubFile> file(Location location) {
    return HubPlace.of(location)
        .flatMap(place -> of(place).flatMap(snapshot -> snapshot.file(place.path())));
  }

  /** Where a file lies on this machine, if it is in the cache. */
  Optional<Location> cached(Location location) {
    return HubPlace.of(location)
        .flatMap(place -> of(place).flatMap(snapshot -> snapshot.cached(place.path())))
        .map(Location::new);
  }

  List<StoredObject> list(Location folder) throws NoSuchFileException {
    Snapshot snapshot = required(folder);
    String prefix = prefix(folder);
    List<StoredObject> objects = new ArrayList<>();
    boolean isThere = prefix.isEmpty();
    for (var file : snapshot.files().tailMap(prefix).entrySet()) {
      if (!file.getKey().startsWith(prefix)) {
        break;
      }
      isThere = true;
      String name = file.getKey().substring(prefix.length());
      if (name.indexOf('/') < 0) {
        objects.add(file.getValue().at(folder.child(name)));
      }
    }
    if (!isThere) {
      throw new NoSuchFileException(folder.path());
    }
    return objects;
  }

  List<Location> folders(Location folder) throws NoSuchFileException {
    Snapshot snapshot = required(folder);
    String prefix = prefix(folder);
    TreeSet<String> names = new TreeSet<>();
    boolean isThere = prefix.isEmpty();
    for (String path : snapshot.files().keySet()) {
      if (path.startsWith(prefix)) {
        isThere = true;
        int end = path.indexOf('/', prefix.length());
        if (end > 0) {
          names.add(path.substring(prefix.length(), end));
        }
      }
    }
    if (!isThere) {
      throw new NoSuchFileException(folder.path());
    }
    return names.stream().map(folder::child).toList();
  }

  private static String prefix(Location folder) {
    String path = HubPlace.of(folder).map(HubPlace::path).orElse("");
    return path.isEmpty() ? "" : path + "/";
  }
}
