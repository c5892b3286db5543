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
  private final Map<String, StoredObject> objects = new TreeMap<>();
  private boolean isTouched;

  OldFolder(HadoopFolder folder, List<StoredObject> listed) {
    this.folder = folder;
    listed.forEach(object -> objects.put(object.location().name(), object));
  }

  /** The folder that {@link #text} was made of. */
  static OldFolder parse(HadoopFolder folder, String text) {
    return new OldFolder(
        folder,
        text.lines()
            .skip(1)
            .map(line -> line.split(" ", -1))
            .map(
                word ->
                    new StoredObject(
                        folder.location().child(URLDecoder.decode(word[0], UTF_8)),
                        Long.parseLong(word[1]),
                        URLDecoder.decode(word[2], UTF_8)))
            .toList());
  }

  /** Name, size and version of each object, a line each. */
  String text() {
    return objects.values().stream()
        .map(
            object ->
                "\n%s %s %s"
                    .formatted(
                        URLEncoder.encode(object.location().name(), UTF_8),
                        object.size(),
                        URLEncoder.encode(object.version(), UTF_8)))
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
    List<StoredObject> doomed =
        objects.values().stream()
            .filter(object -> !kept.contains(object.location().name()))
            .sorted(Comparator.comparingLong(StoredObject::size))
            .toList();
    for (StoredObject object : doomed) {
      isTouched = true;
      folder.descendant(object.location().name()).delete();
      objects.remove(object.location().name());
    }
  }
}
