package dev.stockpot.merge.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the hub's own programs have downloaded. It is read, never written.
 *
 * <pre>
 * models--org--name/refs/main                  text: a commit
 *                   snapshots/COMMIT/PATH      a link to ../../blobs/DIGEST, or a plain file
 *                   blobs/DIGEST               a file; DIGEST.incomplete while it is downloaded
 *                   trees/COMMIT.json          what is in the repository, in newer caches
 * </pre>
 */
final class HubCache {
  private static final int MOST_TREE_BYTES = 64 << 20;
  private static final int TREE_FORMAT = 1;

  /** A model's folder, and the folders of its modules. */
  private static final int DEPTH = 4;

  private final Path root;

  HubCache(Path root) {
    this.root = root;
  }

  private Path folder(String id) {
    return root.resolve("models--" + id.replace("/", "--"));
  }

  /** The commit that a name had when it was downloaded. */
  Optional<String> commit(HubName name) throws IOException {
    if (HubPlace.isCommit(name.revision())) {
      return Optional.of(name.revision());
    }
    Path ref = folder(name.id()).resolve("refs").resolve(name.revision());
    return Files.isRegularFile(ref)
        ? Optional.of(new String(Files.readAllBytes(ref), UTF_8).strip()).filter(HubPlace::isCommit)
        : Optional.empty();
  }

  /** What there is of a repository at a commit; of its files, those that are whole. */
  Snapshot snapshot(HubPlace repository) throws IOException {
    Map<String, HubFile> listed = tree(repository).orElse(Map.of());
    Path folder = snapshots(repository);
    Map<String, HubFile> files = new TreeMap<>();
    Map<String, String> cached = new HashMap<>();
    if (Files.isDirectory(folder)) {
      for (Path file : filesBelow(folder)) {
        String path = folder.relativize(file).toString().replace(File.separatorChar, '/');
        long size = Files.size(file);
        HubFile known = listed.get(path);
        if (known == null || known.size() == size) { // else it is of something else
          files.put(path, new HubFile(size, known == null ? digest(file) : known.digest()));
          cached.put(path, file.toString());
        }
      }
    }
    return Snapshot.of(repository, files, cached);
  }

  Path snapshots(HubPlace repository) {
    return folder(repository.id()).resolve("snapshots").resolve(repository.commit());
  }

  /** Those that are there: a link may lead to a file that was removed, or is not whole yet. */
  private static Iterable<Path> filesBelow(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder, DEPTH, FileVisitOption.FOLLOW_LINKS)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** What the name of a blob says of it; nothing of a file that is no link to one. */
  private static String digest(Path file) throws IOException {
    Path blob = file.toRealPath();
    String name = blob.getFileName().toString();
    boolean isBlob = blob.getParent().endsWith("blobs");
    return isBlob && name.matches("[0-9a-f]{40}|[0-9a-f]{64}") ? name : "";
  }

  /** Whether a download of the repository began and did not end. */
  boolean isInterrupted(HubPlace repository) throws IOException {
    Path blobs = folder(repository.id()).resolve("blobs");
    if (!Files.isDirectory(blobs)) {
      return false;
    }
    try (Stream<Path> files = Files.list(blobs)) {
      return files.anyMatch(file -> file.toString().endsWith(".incomplete"));
    }
  }

  /** What is in the repository, if a program wrote it down. */
  Optional<Map<String, HubFile>> tree(HubPlace repository) throws IOException {
    Path tree = folder(repository.id()).resolve("trees").resolve(repository.commit() + ".json");
    if (!Files.isRegularFile(tree) || Files.size(tree) > MOST_TREE_BYTES) {
      return Optional.empty();
    }
    try {
      JsonObject listed = Json.parse(Files.readAllBytes(tree)).object().orElse(JsonObject.EMPTY);
      return listed.whole("format_version", 0) == TREE_FORMAT
          ? listed.object("files").map(HubCache::files)
          : Optional.empty();
    } catch (JsonException | IllegalArgumentException e) { // cut short: as good as none
      return Optional.empty();
    }
  }

  private static Map<String, HubFile> files(JsonObject listed) {
    return listed.fields().entrySet().stream()
        .collect(toMap(Map.Entry::getKey, file -> file(file.getValue())));
  }

  private static HubFile file(JsonValue listed) {
    JsonObject file = listed.object().orElse(JsonObject.EMPTY);
    return file.has("lfs_sha256")
        ? new HubFile(file.whole("lfs_size", -1), file.text("lfs_sha256"))
        : new HubFile(file.whole("size", -1), file.text("blob_id"));
  }
}
