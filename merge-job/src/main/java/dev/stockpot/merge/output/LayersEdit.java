package dev.stockpot.merge.output;

import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Counts the layers of the output, and rearranges lists that have an entry for each layer.
 *
 * @param origins for each layer of the output, the donor's layer that it descends from; one that
 *     the donor lacks is of the kind of its last
 */
record LayersEdit(List<Integer> origins) implements ConfigEdit {
  /** Numbers that count layers from the bottom: where they took in all layers, they still do. */
  private static final List<String> LIMITS = List.of("max_window_layers");

  /** Lists that may happen to be as long as there are layers. */
  private static final Pattern NEVER_PER_LAYER = Pattern.compile("architectures|.*_token_ids?");

  LayersEdit {
    origins = List.copyOf(origins);
    if (origins.isEmpty()) {
      throw new IllegalArgumentException("a model without layers has none to count");
    }
  }

  @Override
  public JsonObject apply(JsonObject config) {
    return ModelConfig.withTextPart(config, this::rearrange);
  }

  private JsonObject rearrange(JsonObject part) {
    Optional<String> key = ModelConfig.layersKey(part);
    if (key.isEmpty()) {
      return part;
    }
    int before = part.integer(key.get()).getAsInt();
    JsonObject changed = part;
    for (Map.Entry<String, JsonValue> field : part.fields().entrySet()) {
      List<JsonValue> list = field.getValue().list().orElse(List.of());
      boolean isPerLayer = !NEVER_PER_LAYER.matcher(field.getKey()).matches();
      if (isPerLayer && before > 0 && list.size() == before) {
        changed = changed.with(field.getKey(), rearrange(list));
      }
    }
    for (String limit : LIMITS) {
      boolean tookInAll = part.whole(limit, -1) == before;
      changed = tookInAll ? changed.with(limit, origins.size()) : changed;
    }
    return changed.with(key.get(), origins.size());
  }

  private List<JsonValue> rearrange(List<JsonValue> list) {
    List<JsonValue> rearranged = new ArrayList<>();
    origins.forEach(layer -> rearranged.add(list.get(Math.min(layer, list.size() - 1))));
    return rearranged;
  }
}
