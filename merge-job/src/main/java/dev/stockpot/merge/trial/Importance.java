package dev.stockpot.merge.trial;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How much blocks of layers matter, and where a search begins for that.
 *
 * @param ranks 0 for what matters least to 1; empty where nothing is known
 */
record Importance(Map<LayerBlock, Double> ranks) {
  static final Importance UNKNOWN = new Importance(Map.of());

  Importance {
    ranks = Map.copyOf(ranks);
  }

  /** What is wrong with scores. */
  static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1;

    UnusableException(String message) {
      super(message);
    }
  }

  /**
   * Of the scores of layers, by {@code "model layer"}.
   *
   * @throws UnusableException if a layer has none
   */
  static Importance of(List<LayerBlock> blocks, Map<String, Double> scores)
      throws UnusableException {
    Map<LayerBlock, Double> means = new HashMap<>();
    for (LayerBlock block : blocks) {
      double sum = 0;
      for (int layer = block.begin(); layer < block.end(); layer++) {
        Double score = scores.get(key(block, layer));
        if (score == null) {
          throw new UnusableException(
              "has no score of layer %s of %s; give all, or none".formatted(layer, block.name()));
        }
        sum += score;
      }
      means.put(block, sum / (block.end() - block.begin()));
    }
    Map<LayerBlock, Double> ranks = new HashMap<>();
    means.forEach(
        (block, mean) -> {
          double below = means.values().stream().filter(other -> other < mean).count();
          ranks.put(block, means.size() == 1 ? 0.5 : below / (means.size() - 1));
        });
    return new Importance(ranks);
  }

  static String key(LayerBlock block, int layer) {
    String stack = block.stackWord();
    return block.name() + (stack.isEmpty() ? " " : " " + stack + " ") + layer;
  }

  /**
   * Scores of a file, a line of JSON for each layer.
   *
   * @throws UnusableException if a line is something else
   */
  static Map<String, Double> scores(String text) throws UnusableException {
    Map<String, Double> scores = new HashMap<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank() && !read(lines.get(i), scores)) {
        throw new UnusableException(
            "line %s is not `{\"model\": \"a\", \"layer\": 0, \"score\": 0.3}`".formatted(i + 1));
      }
    }
    return scores;
  }

  private static boolean read(String line, Map<String, Double> scores) {
    try {
      Optional<JsonObject> row = Json.parse(line.getBytes(StandardCharsets.UTF_8)).object();
      if (row.isEmpty() || row.get().integer("layer").isEmpty()) {
        return false;
      }
      String stack = row.get().text("stack");
      Optional<Double> score =
          row.get()
              .get("score")
              .flatMap(value -> value.number().stream().boxed().findFirst())
              .filter(Double::isFinite);
      score.ifPresent(
          given ->
              scores.put(
                  row.get().text("model")
                      + (stack.isEmpty() ? " " : " " + stack + " ")
                      + row.get().integer("layer").getAsInt(),
                  given));
      return score.isPresent();
    } catch (JsonException e) {
      return false;
    }
  }

  /**
   * Begins with the first model as it is. What matters least of it is nearest to being left out; of
   * the rest, what matters most is nearest to coming in.
   */
  List<Double> gates(List<LayerBlock> blocks, List<LayerBlock> first) {
    List<LayerBlock> seen = new ArrayList<>();
    List<Double> gates = new ArrayList<>();
    for (LayerBlock block : blocks) {
      boolean isThere = first.contains(block) && !seen.contains(block);
      seen.add(block);
      gates.add((isThere ? 0.55 : 0.05) + 0.4 * ranks.getOrDefault(block, 0.5));
    }
    return gates;
  }
}
