package dev.stockpot.merge.vocabulary;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Reads the small files beside the weights of a model. */
record ModelFiles(ObjectSource store, Map<String, StoredObject> files) {
  /** More than any of them has. */
  private static final long MOST_BYTES = 64L << 20;

  boolean has(String name) {
    return files.containsKey(name);
  }

  Optional<StoredObject> find(String name) {
    return Optional.ofNullable(files.get(name));
  }

  /**
   * A file of text.
   *
   * @throws TokenizerException if it is far too large
   */
  Optional<String> text(String name) throws IOException {
    Optional<byte[]> bytes = bytes(name);
    return bytes.map(read -> new String(read, UTF_8));
  }

  Optional<byte[]> bytes(String name) throws IOException {
    StoredObject file = files.get(name);
    if (file == null) {
      return Optional.empty();
    }
    if (file.size() > MOST_BYTES) {
      throw new TokenizerException(
          file.location().toString(),
          "it has %s bytes, must have at most %s".formatted(file.size(), MOST_BYTES));
    }
    return Optional.of(file.read(store));
  }

  /**
   * A file of JSON; an empty object if there is none.
   *
   * @throws TokenizerException if it is none
   */
  JsonObject json(String name) throws IOException {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return JsonObject.EMPTY;
    }
    String place = files.get(name).location().toString();
    try {
      return Json.parsePythons(text.get())
          .object()
          .orElseThrow(
              () -> new TokenizerException(place, "it is not a JSON object. Fetch it again"));
    } catch (JsonException e) {
      throw new TokenizerException(
          place, "it is not valid JSON: %s. Fetch it again".formatted(e.getMessage()), e);
    }
  }
}
