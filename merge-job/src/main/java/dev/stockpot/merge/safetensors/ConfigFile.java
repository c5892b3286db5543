package dev.stockpot.merge.safetensors;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonReader;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The configuration beside a checkpoint, and other texts that it is small enough to read whole. */
final class ConfigFile {
  static final String NAME = "config.json";
  private static final int MOST_BYTES = 10 << 20;

  private ConfigFile() {}

  /** Its text; empty if there is none, or none that can be used, which is then a problem. */
  static String read(ObjectSource store, FolderFiles files, List<String> problems)
      throws IOException {
    Optional<StoredObject> config = files.find(NAME);
    if (config.isEmpty() || isTooLarge(config.get(), MOST_BYTES, problems)) {
      return "";
    }
    byte[] text = config.get().read(store);
    OptionalInt badByte = Json.firstBadByte(text);
    if (badByte.isPresent()) {
      problems.add(
          "%s, byte %s: is not UTF-8 text. Fetch it again".formatted(NAME, badByte.getAsInt()));
      return "";
    }
    try (JsonReader json = JsonReader.ofPythons(text)) {
      if (!json.beginsObject()) {
        problems.add("%s is not a JSON object. Fetch it again".formatted(NAME));
        return "";
      }
      json.skipRest();
      if (!json.isAtEnd()) {
        problems.add("%s goes on after its JSON object. Fetch it again".formatted(NAME));
      }
    } catch (JsonException e) {
      problems.add(
          "%s is not JSON: line %s, %s. Fetch it again".formatted(NAME, e.line(), e.getMessage()));
    }
    return new String(text, UTF_8);
  }

  /** Whether a file is larger than it can be, which is then a problem. */
  static boolean isTooLarge(StoredObject file, int most, List<String> problems) {
    if (file.size() <= most) {
      return false;
    }
    problems.add(
        "%s has %s bytes, must be at most %s. Look whether it is another file by mistake"
            .formatted(file.location().name(), file.size(), most));
    return true;
  }
}
