package dev.stockpot.merge.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A cache as the hub's own programs leave it: links to blobs, and a list of all files. */
public final class CacheFolder {
  private final Path root;
  private final Path repository;
  private final Path snapshot;

  /**
   * The cache of one model.
   *
   * @param commit that {@code main} was when it was downloaded
   */
  public CacheFolder(Path root, String id, String commit) throws IOException {
    this.root = root;
    this.repository = root.resolve("models--" + id.replace("/", "--"));
    this.snapshot = repository.resolve("snapshots").resolve(commit);
    Files.createDirectories(snapshot);
    Files.createDirectories(repository.resolve("blobs"));
    ref("main", commit);
  }

  /** The folder that {@code HF_HUB_CACHE} names. */
  public Path root() {
    return root;
  }

  /** The folder of the snapshot. */
  public Path snapshot() {
    return snapshot;
  }

  /** A branch or tag. */
  public CacheFolder ref(String name, String commit) throws IOException {
    Path ref = repository.resolve("refs").resolve(name);
    Files.createDirectories(ref.getParent());
    Files.writeString(ref, commit);
    return this;
  }

  private static String digest(String path, byte[] content) {
    return path.endsWith(".safetensors") ? FakeHub.sha256(content) : FakeHub.gitSha1(content);
  }

  /** A file that was downloaded. */
  public CacheFolder file(String path, byte[] content) throws IOException {
    Path blob = repository.resolve("blobs").resolve(digest(path, content));
    Files.write(blob, content);
    Path link = snapshot.resolve(path);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, link.getParent().relativize(blob));
    return this;
  }

  /** The same with a text. */
  public CacheFolder file(String path, String text) throws IOException {
    return file(path, text.getBytes(UTF_8));
  }

  /** A file whose download did not end. */
  public CacheFolder unfinished(String path, byte[] content) throws IOException {
    Files.write(
        repository.resolve("blobs").resolve(digest(path, content) + ".incomplete"),
        new byte[content.length / 2]);
    return this;
  }

  /** Writes down what is in the repository, as newer programs do. */
  public CacheFolder tree(Map<String, byte[]> files) throws IOException {
    String listed =
        new TreeMap<>(files)
            .entrySet().stream()
                .map(
                    file ->
                        "\"%s\": {\"size\": %s, \"blob_id\": \"%s\"%s}"
                            .formatted(
                                file.getKey(),
                                file.getValue().length,
                                FakeHub.gitSha1(file.getValue()),
                                file.getKey().endsWith(".safetensors")
                                    ? ", \"lfs_sha256\": \"%s\", \"lfs_size\": %s"
                                        .formatted(
                                            FakeHub.sha256(file.getValue()), file.getValue().length)
                                    : ""))
                .collect(Collectors.joining(", "));
    Path tree = repository.resolve("trees").resolve(snapshot.getFileName() + ".json");
    Files.createDirectories(tree.getParent());
    Files.writeString(tree, "{\"format_version\": 1, \"files\": {" + listed + "}}");
    return this;
  }
}
