package dev.stockpot.merge.adapter;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The values of {@code adapter_config.json}, each of the type that it must have.
 *
 * @param problems takes what is of another type
 */
record AdapterFields(JsonObject json, List<String> problems) {
  /** What PEFT takes where a file is silent. */
  private static final double SILENT = 8;

  private static final long MOST_RANK = 1 << 20;

  Scales scales() {
    double rank = number("r", SILENT);
    if (rank < 1 || rank > MOST_RANK || rank != Math.rint(rank)) {
      add("r", "is %s, must be a whole number from 1 to %s".formatted(shown(rank), MOST_RANK));
    }
    return new Scales(
        (long) rank,
        number("lora_alpha", SILENT),
        flag("use_rslora"),
        patterns("rank_pattern"),
        patterns("alpha_pattern"));
  }

  boolean flag(String key) {
    Optional<JsonValue> value = there(key);
    Optional<Boolean> flag = value.flatMap(JsonValue::flag);
    if (value.isPresent() && flag.isEmpty()) {
      add(key, "must be true or false");
    }
    return flag.orElse(false);
  }

  private double number(String key, double otherwise) {
    Optional<JsonValue> value = there(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    OptionalDouble number = number(value.get());
    if (number.isEmpty()) {
      add(key, "must be a number");
    }
    return number.orElse(otherwise);
  }

  /** Texts of a list, or one text alone. */
  List<String> texts(String key) {
    Optional<JsonValue> value = there(key);
    if (value.isEmpty()) {
      return List.of();
    }
    if (value.get().text().isPresent()) {
      return List.of(value.get().text().get());
    }
    List<JsonValue> elements = value.get().list().orElse(List.of());
    List<String> texts = elements.stream().flatMap(element -> element.text().stream()).toList();
    if (value.get().list().isEmpty() || texts.size() < elements.size()) {
      add(key, "must be a list of names");
    }
    return texts;
  }

  private List<Map.Entry<Pattern, Double>> patterns(String key) {
    List<Map.Entry<Pattern, Double>> patterns = new ArrayList<>();
    Optional<JsonValue> value = there(key);
    if (value.isPresent() && value.get().object().isEmpty()) {
      add(key, "must map names to numbers");
    }
    JsonObject entries = value.flatMap(JsonValue::object).orElse(JsonObject.EMPTY);
    entries
        .fields()
        .forEach(
            (name, number) -> {
              OptionalDouble wanted = number(number);
              if (wanted.isEmpty()) {
                add(key, "must map names to numbers");
                return;
              }
              try {
                patterns.add(Map.entry(Scales.pattern(name), wanted.getAsDouble()));
              } catch (PatternSyntaxException e) {
                add(
                    key,
                    "has a key that is no regular expression: %s".formatted(e.getDescription()));
              }
            });
    return patterns;
  }

  /** Rows of embeddings by the module's name; an empty one stands for the input embedding. */
  Map<String, List<Long>> tokens() {
    String key = "trainable_token_indices";
    Optional<JsonValue> value = there(key);
    if (value.isEmpty()) {
      return Map.of();
    }
    Map<String, List<Long>> tokens = new LinkedHashMap<>();
    if (value.get().object().isPresent()) {
      value
          .get()
          .object()
          .get()
          .fields()
          .forEach((module, rows) -> tokens.put(module, rows(key, rows)));
    } else {
      tokens.put("", rows(key, value.get()));
    }
    return tokens;
  }

  private List<Long> rows(String key, JsonValue value) {
    List<JsonValue> elements = value.list().orElse(List.of());
    List<Long> rows = new ArrayList<>();
    for (JsonValue element : elements) {
      element.whole().ifPresent(rows::add);
    }
    boolean areRows =
        value.list().isPresent()
            && rows.size() == elements.size()
            && rows.stream().allMatch(row -> row >= 0)
            && rows.stream().distinct().count() == rows.size();
    if (!areRows) {
      add(key, "must list ids of tokens, each once");
    }
    return rows;
  }

  private static String shown(double number) {
    return number == Math.rint(number)
        ? String.format(Locale.ROOT, "%.0f", number)
        : String.valueOf(number);
  }

  /** What is there and is not null. */
  private Optional<JsonValue> there(String key) {
    return json.get(key).filter(value -> !value.equals(JsonValue.nothing()));
  }

  private static OptionalDouble number(JsonValue value) {
    OptionalDouble number = value.number();
    return number.isPresent() && Double.isFinite(number.getAsDouble())
        ? number
        : OptionalDouble.empty();
  }

  private void add(String key, String what) {
    String problem = "%s: `%s` %s".formatted(AdapterConfig.FILE_NAME, key, what);
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }
}
