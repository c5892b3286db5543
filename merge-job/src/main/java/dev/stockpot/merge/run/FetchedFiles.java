package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.MergeIdentity;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a model that are fetched, and those that are not: weights in formats that are never
 * opened, and code.
 *
 * @param small files that the driver copies, by their names below the folder
 * @param large those that tasks copy
 * @param left names of those that stay
 */
record FetchedFiles(
    Map<String, StoredObject> small, Map<String, StoredObject> large, List<String> left) {
  private static final Pattern WANTED =
      Pattern.compile(
          ".+\\.(safetensors|json|jinja|txt|model|tiktoken|md|jsonl)|LICEN[SC]E.*|NOTICE.*|USE_POLICY.*",
          Pattern.CASE_INSENSITIVE);

  /** A file up to here is read by the driver, whole. */
  private static final long SMALL_BYTES = 1 << 20;

  private static final int MOST_DEPTH = 8;

  /**
   * Looks at a folder and all below it.
   *
   * @throws UserException if there are no weights among what would be copied
   */
  static FetchedFiles of(ObjectSource store, Location folder) throws IOException {
    FetchedFiles found = new FetchedFiles(new TreeMap<>(), new TreeMap<>(), new ArrayList<>());
    found.add(store, folder, "", 0);
    if (Stream.of(found.small, found.large)
        .flatMap(files -> files.keySet().stream())
        .noneMatch(name -> name.endsWith(".safetensors"))) {
      throw new UserException(
          "%s holds no safetensors file%s. Give the folder of a model"
              .formatted(
                  folder, found.left.isEmpty() ? "" : ", but " + String.join(", ", found.left)));
    }
    return found;
  }

  private void add(ObjectSource store, Location folder, String prefix, int depth)
      throws IOException {
    for (StoredObject file : store.list(folder)) {
      String name = prefix + file.location().name();
      if (!WANTED.matcher(file.location().name()).matches()) {
        left.add(name);
      } else if (file.size() <= SMALL_BYTES) {
        small.put(name, file);
      } else {
        large.put(name, file);
      }
    }
    if (depth == MOST_DEPTH) {
      return;
    }
    for (Location below : store.folders(folder)) {
      if (!below.name().startsWith(".")) { // caches of others, and what is in the making
        addBelow(store, below, prefix, depth);
      }
    }
  }

  private void addBelow(ObjectSource store, Location below, String prefix, int depth)
      throws IOException {
    try {
      add(store, below, prefix + below.name() + "/", depth + 1);
    } catch (NoSuchFileException e) { // it has just gone, or is none
      left.add(prefix + below.name() + "/");
    }
  }

  /** Sizes of the files that tasks copy, by name. */
  Map<String, Long> sizes() {
    Map<String, Long> sizes = new LinkedHashMap<>();
    large.forEach((name, file) -> sizes.put(name, file.size()));
    return sizes;
  }

  /** What a copy of them is a copy of. */
  MergeIdentity identity(Location source) {
    Map<String, String> inputs = new LinkedHashMap<>();
    Stream.of(small, large)
        .flatMap(files -> files.values().stream())
        .forEach(
            file ->
                inputs.put(
                    file.location().path(), "%s bytes, %s".formatted(file.size(), file.version())));
    return new MergeIdentity("fetch " + source, "", Map.of(), inputs, Map.of());
  }

  /**
   * The small ones, by name.
   *
   * @throws IOException if the bytes of one are not those that its store says it has
   */
  Map<String, ByteBuffer> read(ObjectSource store) throws IOException {
    Map<String, ByteBuffer> contents = new LinkedHashMap<>();
    for (Map.Entry<String, StoredObject> file : small.entrySet()) {
      byte[] content = file.getValue().read(store);
      requireSame(file.getValue(), content);
      contents.put(file.getKey(), ByteBuffer.wrap(content));
    }
    return contents;
  }

  /** How many have a digest that their store knows. */
  int checked() {
    return (int)
        Stream.concat(small.values().stream(), large.values().stream())
            .filter(file -> KnownDigest.of(file).isPresent())
            .count();
  }

  private static void requireSame(StoredObject file, byte[] content) throws IOException {
    Optional<KnownDigest> digest = KnownDigest.of(file);
    if (digest.isPresent() && !digest.get().isOf(content)) {
      throw new IOException(
          "%s: its bytes are not those that its digest (%s) is of: they were damaged on the way, or where they lie. Fetch it again"
              .formatted(file.location(), file.version()));
    }
  }

  long bytes() {
    return small.values().stream().mapToLong(StoredObject::size).sum()
        + large.values().stream().mapToLong(StoredObject::size).sum();
  }

  int count() {
    return small.size() + large.size();
  }
}
