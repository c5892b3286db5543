package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes {@code tokenizer_config.json} and {@code special_tokens_map.json} say what the tokenizer
 * has. Loaders add every token that these name and the tokenizer lacks: one that was taken away
 * would come back, under an id that has no row.
 */
final class SpecialTokens {
  private static final String DECODER = "added_tokens_decoder";

  private final OutputTokens tokens;
  private final List<String> lost = new ArrayList<>();

  SpecialTokens(OutputTokens tokens) {
    this.tokens = tokens;
  }

  /** One of these files, as it is now. */
  JsonObject follow(JsonObject file) {
    Map<String, JsonValue> followed = new LinkedHashMap<>();
    file.fields()
        .forEach(
            (key, value) -> {
              Optional<JsonValue> now =
                  key.equals(DECODER) ? value.object().map(this::decoder) : named(key, value);
              now.ifPresent(kept -> followed.put(key, kept));
            });
    return new JsonObject(followed);
  }

  /** What a tokenizer adds, by ids. */
  private JsonValue decoder(JsonObject before) {
    Map<String, JsonValue> entries = new LinkedHashMap<>();
    before
        .fields()
        .forEach(
            (id, token) -> {
              if (!isGone(token)) {
                entries.put(id, token);
              }
            });
    int id = tokens.kept();
    for (AddedToken token : tokens.appended()) {
      entries.put(String.valueOf(id++), token.json());
    }
    return new JsonObject(entries);
  }

  private Optional<JsonValue> named(String key, JsonValue value) {
    if (key.endsWith("_token") && isGone(value)) {
      lost.add("%s (%s)".formatted(key, content(value).orElseThrow()));
      return Optional.empty();
    }
    if (key.endsWith("special_tokens") && value.list().isPresent()) {
      return Optional.of(
          JsonValue.of(value.list().get().stream().filter(token -> !isGone(token)).toList()));
    }
    return Optional.of(value);
  }

  private boolean isGone(JsonValue token) {
    return content(token).filter(text -> tokens.id(text).isEmpty()).isPresent()
        && tokens.source().id(content(token).orElseThrow()).isPresent();
  }

  /** A token is its text, or an object that has it. */
  private static Optional<String> content(JsonValue token) {
    return token.text().or(() -> token.object().map(object -> object.text("content")));
  }

  /** Tokens with a part to play that the result does not have. */
  List<String> lost() {
    return lost;
  }
}
