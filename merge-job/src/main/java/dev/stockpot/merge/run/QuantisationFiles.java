package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;

/** Files in which quantisers say beside {@code config.json} how weights are to be read. */
final class QuantisationFiles {
  private static final String JSON = ".json";

  private QuantisationFiles() {}

  /**
   * A model, with what such files say.
   *
   * @throws UserException if one is no JSON object
   */
  static Model read(ObjectSource store, Model model) throws IOException {
    ModelConfig config = model.config();
    for (String file : Model.QUANTISERS) {
      StoredObject there = model.companions().get(file);
      if (there != null) {
        String name = file.substring(0, file.length() - JSON.length());
        config = config.beside(name, object(store, there));
      }
    }
    return config == model.config() ? model : model.with(config);
  }

  private static JsonObject object(ObjectSource store, StoredObject file) throws IOException {
    String text = SmallText.read(store, file.location(), "a quantiser's description of weights");
    try {
      return Json.parsePythons(text)
          .object()
          .orElseThrow(() -> broken(file, "it is no object", null));
    } catch (JsonException e) {
      throw broken(file, e.getMessage(), e);
    }
  }

  private static UserException broken(StoredObject file, String why, JsonException cause) {
    return new UserException(
        "%s says how weights are to be read, and is no valid JSON: %s. Fetch it again"
            .formatted(file.location(), why),
        cause);
  }
}
