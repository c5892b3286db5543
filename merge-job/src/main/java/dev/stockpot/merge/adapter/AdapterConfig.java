package dev.stockpot.merge.adapter;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.model.Reduced;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code adapter_config.json} says, as far as it decides what a base becomes.
 *
 * @param swapsInAndOut whether weights are said to be stored as in, out
 * @param start what was taken from the base before training began, if anything was
 * @param copied the modules that were trained as a whole
 * @param tokens the rows of embeddings that were trained, by a module's name; by an empty one for
 *     the input embedding
 * @param parameters those that carry a LoRA without being a module, by the ends of their names
 * @param tiesWeights whether what is done to an embedding is done to the head that shares it
 * @param base the model that it was trained on, as whoever did that called it; may be empty
 * @param notices what a user should know of it
 */
record AdapterConfig(
    Scales scales,
    boolean swapsInAndOut,
    Optional<Reduced.Part> start,
    List<String> copied,
    Map<String, List<Long>> tokens,
    List<String> parameters,
    boolean tiesWeights,
    String base,
    List<String> notices) {
  static final String FILE_NAME = "adapter_config.json";

  AdapterConfig {
    copied = List.copyOf(copied);
    tokens = Map.copyOf(tokens);
    parameters = List.copyOf(parameters);
    notices = List.copyOf(notices);
  }

  /**
   * Reads it.
   *
   * @param problems takes what is wrong, or cannot be merged
   * @return nothing if it is not understood at all
   */
  static Optional<AdapterConfig> parse(String text, List<String> problems) {
    JsonObject json;
    try {
      Optional<JsonObject> object = Json.parsePythons(text).object();
      if (object.isEmpty()) {
        problems.add("%s is not a JSON object. Fetch it again".formatted(FILE_NAME));
        return Optional.empty();
      }
      json = object.get();
    } catch (JsonException e) {
      problems.add("%s is not JSON: %s. Fetch it again".formatted(FILE_NAME, e.getMessage()));
      return Optional.empty();
    }
    int before = problems.size();
    List<String> notices = new ArrayList<>();
    AdapterForms.check(json, problems, notices);
    if (problems.size() > before) {
      return Optional.empty();
    }
    AdapterFields fields = new AdapterFields(json, problems);
    AdapterConfig config =
        new AdapterConfig(
            fields.scales(),
            fields.flag("fan_in_fan_out"),
            AdapterForms.start(json),
            fields.texts("modules_to_save"),
            fields.tokens(),
            fields.texts("target_parameters"),
            fields.flag("ensure_weight_tying"),
            json.get("base_model_name_or_path").flatMap(JsonValue::text).orElse(""),
            notices);
    return problems.size() > before ? Optional.empty() : Optional.of(config);
  }

  /** Whether the module of a tensor was trained as a whole: PEFT looks at the ends of names. */
  boolean copies(String tensor) {
    String module = tensor.substring(0, Math.max(0, tensor.lastIndexOf('.')));
    return copied.stream().anyMatch(module::endsWith);
  }

  /** The rows of a module that were trained: the longest of the names that it ends with counts. */
  Optional<List<Long>> tokensOf(String module) {
    return tokens.entrySet().stream()
        .filter(entry -> module.endsWith(entry.getKey()))
        .max(Comparator.comparingInt(entry -> entry.getKey().length()))
        .map(Map.Entry::getValue);
  }

  /** The parameters of a module that carry a LoRA, each once. */
  List<String> parametersOf(String module) {
    List<String> own = new ArrayList<>();
    for (String parameter : parameters) {
      int dot = parameter.lastIndexOf('.');
      String end = parameter.substring(0, Math.max(0, dot));
      String name = parameter.substring(dot + 1);
      boolean isTheirs = end.isEmpty() || module.equals(end) || module.endsWith("." + end);
      if (isTheirs && !own.contains(name)) {
        own.add(name);
      }
    }
    return own;
  }
}
