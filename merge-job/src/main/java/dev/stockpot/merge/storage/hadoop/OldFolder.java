package dev.stockpot.merge.storage.hadoop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What was in a folder before it was published. */
final class OldFolder {
  /** Of its text, so that an empty folder has one, too. */
  private static final String TITLE = "publishing, instead of:";

  private final HadoopFolder folder;
  private final Map<String, StoredObject> objects;
  private boolean isTouched;

  /**
   * A folder.
   *
   * @param objects that a new folder replaces, by name, with the folders below that they lie in
   */
  OldFolder(HadoopFolder folder, Map<String, StoredObject> objects) {
    this.folder = folder;
    this.objects = new TreeMap<>(objects);
  }

  /** The folder that {@link #text} was made of. */
  static OldFolder parse(HadoopFolder folder, String text) {
    Map<String, StoredObject> objects = new TreeMap<>();
    for (String line : text.lines().skip(1).toList()) {
      String[] word = line.split(" ", -1);
      String name = URLDecoder.decode(word[0], UTF_8);
      objects.put(
          name,
          new StoredObject(
              folder.location().descendant(name),
              Long.parseLong(word[1]),
              URLDecoder.decode(word[2], UTF_8)));
    }
    return new OldFolder(folder, objects);
  }

  /** Name, size and version of each object, a line each. */
  String text() {
    return objects.entrySet().stream()
        .map(
            object ->
                "\n%s %s %s"
                    .formatted(
                        URLEncoder.encode(object.getKey(), UTF_8),
                        object.getValue().size(),
                        URLEncoder.encode(object.getValue().version(), UTF_8)))
        .collect(joining("", TITLE, ""));
  }

  Optional<String> version(String name) {
    return Optional.ofNullable(objects.get(name)).map(StoredObject::version);
  }

  boolean keepsNameOf(Collection<HadoopUpload> uploads) {
    return uploads.stream().anyMatch(upload -> objects.containsKey(upload.name()));
  }

  /** Whether some of it is lost. */
  boolean isTouched(Collection<HadoopUpload> uploads) {
    return isTouched
        || uploads.stream().anyMatch(u -> u.isShown() && objects.containsKey(u.name()));
  }

  /** Deletes all but what is replaced; small files first, for they describe the large ones. */
  void delete(Collection<HadoopUpload> replacements) throws IOException {
    Set<String> kept = new HashSet<>();
    replacements.forEach(upload -> kept.add(upload.name()));
    List<String> doomed =
        objects.entrySet().stream()
            .filter(object -> !kept.contains(object.getKey()))
            .sorted(Comparator.comparingLong(object -> object.getValue().size()))
            .map(Map.Entry::getKey)
            .toList();
    for (String name : doomed) {
      isTouched = true;
      folder.descendant(name).delete();
      objects.remove(name);
    }
  }
}
