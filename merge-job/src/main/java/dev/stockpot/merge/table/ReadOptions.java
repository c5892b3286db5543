package dev.stockpot.merge.table;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonValue;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a reader was told.
 *
 * @param models folders, URIs, or names of the hub
 * @param groups of columns that the table has
 * @param chunk elements of a row of values
 */
record ReadOptions(List<String> models, List<Column.Group> groups, int chunk)
    implements Serializable {
  private static final int CHUNK = 1 << 20;
  private static final int MOST_CHUNK = 1 << 28;
  private static final Set<String> KNOWN = Set.of("path", "paths", "statistics", "values", "chunk");

  ReadOptions {
    models = List.copyOf(models);
    groups = List.copyOf(groups);
  }

  /**
   * What was told.
   *
   * @throws IllegalArgumentException with all that is wrong with it, in words
   */
  static ReadOptions of(Map<String, String> told) {
    Set<String> unknown = new TreeSet<>(told.keySet());
    unknown.removeAll(KNOWN);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "format safetensors knows no option %s; its options are statistics (true), values (true) and chunk (elements of a row of values)"
              .formatted(String.join(", ", unknown)));
    }
    boolean hasStatistics = flag(told, "statistics");
    boolean hasValues = flag(told, "values");
    if (hasStatistics && hasValues) {
      throw new IllegalArgumentException(
          "statistics has a row for each tensor, and values one for each chunk of it; ask for one");
    }
    if (told.containsKey("chunk") && !hasValues) {
      throw new IllegalArgumentException(
          "chunk is %s, the elements of a row of values, which are not asked for; add option values=true"
              .formatted(told.get("chunk")));
    }
    List<Column.Group> groups = new ArrayList<>(List.of(Column.Group.HEADER));
    if (hasStatistics) {
      groups.add(Column.Group.STATISTICS);
    } else if (hasValues) {
      groups.add(Column.Group.VALUES);
    }
    return new ReadOptions(models(told), groups, chunk(told));
  }

  private static boolean flag(Map<String, String> told, String key) {
    String word = told.getOrDefault(key, "false");
    if (!word.equalsIgnoreCase("true") && !word.equalsIgnoreCase("false")) {
      throw new IllegalArgumentException("%s is %s, must be true or false".formatted(key, word));
    }
    return word.equalsIgnoreCase("true");
  }

  private static int chunk(Map<String, String> told) {
    String word = told.getOrDefault("chunk", String.valueOf(CHUNK));
    int chunk = word.matches("\\d{1,9}") ? Integer.parseInt(word) : 0;
    if (chunk < 1 || chunk > MOST_CHUNK) {
      throw new IllegalArgumentException(
          "chunk is %s, must be a whole number from 1 to %s".formatted(word, MOST_CHUNK));
    }
    return chunk;
  }

  private static List<String> models(Map<String, String> told) {
    List<String> models = new ArrayList<>();
    if (told.containsKey("path")) {
      models.add(told.get("path"));
    }
    if (told.containsKey("paths")) {
      try {
        Json.parse(told.get("paths").getBytes(StandardCharsets.UTF_8)).list().stream()
            .flatMap(List::stream)
            .map(JsonValue::text)
            .forEach(path -> models.add(path.orElseThrow()));
      } catch (JsonException e) {
        throw new IllegalArgumentException(
            "paths is %s, must be a list in JSON".formatted(told.get("paths")), e);
      }
    }
    if (models.isEmpty()) {
      throw new IllegalArgumentException(
          "no model is named; write spark.read.format(\"safetensors\").load(\"s3a://models/a\")");
    }
    return models;
  }
}
