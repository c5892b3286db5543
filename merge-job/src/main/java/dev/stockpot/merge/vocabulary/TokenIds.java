package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes the ids of tokens in a configuration those of the result. What the model says whose
 * tokenizer the result has counts; what only the donor of the configuration says is translated by
 * the token's text.
 */
final class TokenIds {
  private static final Pattern KEY = Pattern.compile(".*_token_(id|ids|index)");

  private final Tokenizer donor;
  private final OutputTokens tokens;
  private final List<String> lost = new ArrayList<>();

  /**
   * For the donor of a configuration.
   *
   * @param donor its tokenizer
   */
  TokenIds(Tokenizer donor, OutputTokens tokens) {
    this.donor = donor;
    this.tokens = tokens;
  }

  /**
   * What changes in a configuration, by paths; what is empty is taken away.
   *
   * @param config the donor's
   * @param sources that of the model whose tokenizer the result has
   */
  Map<String, Optional<JsonValue>> changes(JsonObject config, JsonObject sources) {
    Map<String, Optional<JsonValue>> changes = new LinkedHashMap<>();
    look("", config, sources, changes);
    return changes;
  }

  private void look(
      String prefix,
      JsonObject config,
      JsonObject sources,
      Map<String, Optional<JsonValue>> changes) {
    Set<String> keys = new LinkedHashSet<>(config.fields().keySet());
    sources.fields().keySet().stream().filter(key -> KEY.matcher(key).matches()).forEach(keys::add);
    for (String key : keys) {
      Optional<JsonValue> before = config.get(key);
      if (KEY.matcher(key).matches()) {
        Optional<JsonValue> now = now(prefix + key, before, sources.get(key));
        if (!now.equals(before)) {
          changes.put(prefix + key, now);
        }
      } else if (before.flatMap(JsonValue::object).isPresent()) {
        JsonObject inner = sources.object(key).orElse(JsonObject.EMPTY);
        look(prefix + key + ".", before.get().object().get(), inner, changes);
      }
    }
  }

  private Optional<JsonValue> now(
      String path, Optional<JsonValue> donors, Optional<JsonValue> sources) {
    return sources.isPresent()
        ? sources.flatMap(value -> moved(path, value, tokens.source()))
        : donors.flatMap(value -> moved(path, value, donor));
  }

  private Optional<JsonValue> moved(String path, JsonValue value, Tokenizer of) {
    if (value.list().isPresent()) {
      List<JsonValue> ids =
          value.list().get().stream().flatMap(id -> moved(path, id, of).stream()).toList();
      return Optional.of(JsonValue.of(ids));
    }
    OptionalInt id = value.integer();
    if (id.isEmpty() || id.getAsInt() < 0) {
      return Optional.of(value); // null, or no token at all
    }
    Optional<JsonValue> now = tokens.moved(of, id.getAsInt()).map(JsonValue::of);
    if (now.isEmpty()) {
      lost.add("%s (%s)".formatted(path, id.getAsInt()));
    }
    return now;
  }

  /** Keys whose token the result does not have. */
  List<String> lost() {
    return lost;
  }
}
