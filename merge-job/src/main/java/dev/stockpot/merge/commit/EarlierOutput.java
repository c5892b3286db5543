package dev.stockpot.merge.commit;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.safetensors.EarlierCompanions;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an earlier command of ours wrote into a folder, as its manifest says: what {@code
 * --overwrite} may take away. A file of another size than it was written with is no longer ours.
 */
public final class EarlierOutput {
  /** The file that lists what is ours. */
  public static final String LIST = Manifest.FILE_NAME;

  /** The size of no file. */
  private static final long UNKNOWN = -1;

  /** Those that a merge wrote whatever its models were. */
  private static final List<String> NAMES_BEFORE =
      List.of(
          "config.json",
          "model.safetensors.index.json",
          ModelCard.FILE_NAME,
          "report/report.html",
          "report/tensors.parquet",
          "report/models.parquet",
          "report/cosines.parquet",
          "report/layers.parquet",
          "report/histogram.parquet");

  private final ObjectSource store;
  private final Location folder;

  private EarlierOutput(ObjectSource store, Location folder) {
    this.store = store;
    this.folder = folder;
  }

  /** What may be replaced in a folder: no more than what its manifest lists. */
  public static Replaceable in(ObjectSource store, Location folder) throws IOException {
    return Replaceable.of(new EarlierOutput(store, folder).unchanged());
  }

  private Set<String> unchanged() throws IOException {
    Optional<JsonObject> manifest = Manifest.in(store, folder);
    Set<String> unchanged = new TreeSet<>();
    if (manifest.isEmpty()) {
      return unchanged;
    }
    unchanged.add(Manifest.FILE_NAME);
    Map<String, Long> now = new TreeMap<>();
    Set<String> listed = new TreeSet<>();
    for (Map.Entry<String, Optional<Long>> file : listed(manifest.get()).entrySet()) {
      String below = file.getKey().substring(0, file.getKey().lastIndexOf('/') + 1);
      if (listed.add(below)) {
        list(below, now);
      }
      Long size = now.get(file.getKey());
      if (size != null && size.equals(file.getValue().orElse(size))) {
        unchanged.add(file.getKey());
      }
    }
    return unchanged;
  }

  /** Adds the sizes of files that are there. A name that leads elsewhere is none. */
  private void list(String below, Map<String, Long> sizes) throws IOException {
    try {
      Location place =
          below.isEmpty() ? folder : folder.descendant(below.substring(0, below.length() - 1));
      for (StoredObject object : store.list(place)) {
        sizes.put(below + object.location().name(), object.size());
      }
    } catch (NoSuchFileException | IllegalArgumentException e) {
      return;
    }
  }

  /** Names of what was written, with their sizes where they are known. */
  private Map<String, Optional<Long>> listed(JsonObject manifest) throws IOException {
    Map<String, Optional<Long>> listed = new TreeMap<>();
    if (manifest.has(Manifest.FILES)) {
      ListedFile.in(manifest)
          .forEach((name, file) -> listed.put(name, Optional.of(file.size())));
    } else {
      namesBefore().forEach(name -> listed.put(name, Optional.empty()));
    }
    for (JsonObject shard : Manifest.allShards(manifest)) {
      listed.put(shard.text("file"), Optional.of(shard.whole("size", UNKNOWN)));
    }
    return listed;
  }

  /** What merges wrote beside shards before their manifests listed it. */
  private Set<String> namesBefore() throws IOException {
    Set<String> names = new TreeSet<>(NAMES_BEFORE);
    for (StoredObject companion : EarlierCompanions.in(store, folder)) {
      names.add(companion.location().path().substring(folder.path().length() + 1));
    }
    return names;
  }
}
