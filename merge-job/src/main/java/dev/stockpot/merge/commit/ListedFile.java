package dev.stockpot.merge.commit;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file beside shards, as a manifest lists it.
 *
 * @param size in bytes; -1 where the manifest has none
 * @param sha256 in 64 digits; empty where it is not known
 */
public record ListedFile(long size, String sha256) {
  private static final String FILE = "file";
  private static final String SIZE = "size";
  static final String SHA256 = "sha256";

  public ListedFile {
    requireNonNull(sha256, "sha256 is null");
  }

  static ListedFile of(ByteBuffer content) {
    return new ListedFile(content.remaining(), Sha256.of(content));
  }

  /** Each of them, by name. */
  static Map<String, ListedFile> of(Map<String, ByteBuffer> contents) {
    Map<String, ListedFile> files = new TreeMap<>();
    contents.forEach((name, content) -> files.put(name, of(content)));
    return files;
  }

  /** Those that a manifest lists, by name. */
  static Map<String, ListedFile> in(JsonObject manifest) {
    Map<String, ListedFile> files = new TreeMap<>();
    for (JsonObject file : manifest.objects(Manifest.FILES)) {
      files.put(file.text(FILE), new ListedFile(file.whole(SIZE, -1), file.text(SHA256)));
    }
    return files;
  }

  JsonObject json(String name) {
    JsonObject json = JsonObject.EMPTY.with(FILE, name).with(SIZE, size);
    return sha256.isEmpty() ? json : json.with(SHA256, sha256);
  }
}
