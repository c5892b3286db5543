package dev.stockpot.merge.commit;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is written down of a copy: where it is from, and every file with its size and SHA-256. A
 * manifest that comes along stays, with that added, so that the copy can be verified as the
 * original could.
 *
 * @param source where the files were
 * @param version of what copied them
 * @param sizes of the files that tasks copied, by name
 * @param digests SHA-256 of these
 */
public record FetchedManifest(
    String source, String version, Map<String, Long> sizes, Map<String, String> digests) {
  public FetchedManifest {
    sizes = Map.copyOf(sizes);
    digests = Map.copyOf(digests);
  }

  /**
   * Small files, with the manifest last.
   *
   * @param small the files that the driver copied, by name
   */
  public Map<String, ByteBuffer> with(Map<String, ByteBuffer> small) {
    Map<String, ByteBuffer> files = new LinkedHashMap<>(small);
    Optional<JsonObject> before =
        Optional.ofNullable(files.remove(Manifest.FILE_NAME)).flatMap(FetchedManifest::parsed);
    Map<String, JsonObject> listed = new TreeMap<>();
    sizes.forEach(
        (name, size) -> listed.put(name, new ListedFile(size, digests.get(name)).json(name)));
    ListedFile.of(files).forEach((name, file) -> listed.put(name, file.json(name)));
    JsonObject manifest =
        before
            .orElseGet(
                () ->
                    JsonObject.EMPTY
                        .with("format", Manifest.FORMAT)
                        .with("versions", JsonObject.of(Map.of("stockpot", version))))
            .with("fetched", JsonObject.EMPTY.with("from", source).with("by", version));
    List<JsonObject> all = new ArrayList<>(listed.values());
    files.put(Manifest.FILE_NAME, OutputFiles.json(manifest.with(Manifest.FILES, all)));
    return files;
  }

  /** A manifest of ours; nothing if it is something else. */
  private static Optional<JsonObject> parsed(ByteBuffer text) {
    try {
      byte[] bytes = new byte[text.remaining()];
      text.duplicate().get(bytes);
      return Json.parse(bytes)
          .object()
          .filter(manifest -> manifest.whole("format", 0) == Manifest.FORMAT);
    } catch (JsonException e) {
      return Optional.empty();
    }
  }
}
