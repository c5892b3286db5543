package dev.stockpot.merge.run;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A table as Spark writes it, beside the output that its files are copied to. */
record ScratchTable(ObjectStore store, Location output) {
  private static final String FILE = "part-";

  /** What Spark leaves in a folder of Parquet, finished or not. */
  private static final Pattern OURS =
      Pattern.compile("(_temporary/.*|\\.?(_SUCCESS|part-.*\\.parquet)(\\.crc)?)");

  Location folder() {
    return new Location(output.path() + "-unfinished");
  }

  /** As Spark names it: what has no scheme is of this machine, whatever a cluster has. */
  String path() {
    return sparkPath(folder());
  }

  static String sparkPath(Location location) {
    return location.scheme().equals(Location.FILE)
        ? Location.FILE + ":" + location.localPath().toAbsolutePath()
        : location.path();
  }

  /**
   * Its files, under the names that they get.
   *
   * @param below folder of the output that they go to
   */
  Map<String, StoredObject> files(String below) throws IOException {
    Map<String, StoredObject> sorted = new TreeMap<>();
    for (StoredObject file : store.list(folder())) {
      if (file.location().name().startsWith(FILE)) {
        sorted.put(file.location().name(), file);
      }
    }
    Map<String, StoredObject> files = new TreeMap<>();
    for (StoredObject file : sorted.values()) {
      files.put(String.format(Locale.ROOT, "%s/part-%05d.parquet", below, files.size()), file);
    }
    return files;
  }

  /**
   * Removes what Spark left there, now or in a run that was killed, and nothing else.
   *
   * @return whether there was anything
   */
  boolean remove() throws IOException {
    Set<String> there =
        store.tree(folder(), Integer.MAX_VALUE).stream()
            .filter(name -> OURS.matcher(name).matches())
            .collect(Collectors.toSet());
    store.remove(folder(), Replaceable.of(there));
    return !there.isEmpty();
  }
}
