package dev.stockpot.merge.vocabulary;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A token that is found in a text as it is, before the text is cut into pieces.
 *
 * @param content its letters
 * @param singleWord whether it is found between other letters
 * @param lstrip whether it takes the spaces before it
 * @param rstrip whether it takes the spaces behind it
 * @param normalized whether it is looked for in the text as it was normalised
 * @param special whether it steers and says nothing, so that readers of text leave it out
 */
record AddedToken(
    String content,
    boolean singleWord,
    boolean lstrip,
    boolean rstrip,
    boolean normalized,
    boolean special) {
  private static final List<String> FLAGS =
      List.of("single_word", "lstrip", "rstrip", "normalized", "special");

  AddedToken {
    requireNonNull(content, "content is null");
  }

  /** A text that is added with no more said of it. */
  static AddedToken plain(String content) {
    return new AddedToken(content, false, false, false, true, false);
  }

  /**
   * As it stands in a file.
   *
   * @return nothing if something is missing that loaders insist on
   */
  static Optional<AddedToken> of(JsonObject token) {
    Optional<String> content = token.get("content").flatMap(JsonValue::text);
    List<Optional<Boolean>> flags =
        FLAGS.stream().map(flag -> token.get(flag).flatMap(JsonValue::flag)).toList();
    if (content.isEmpty() || flags.stream().anyMatch(Optional::isEmpty)) {
      return Optional.empty();
    }
    List<Boolean> set = flags.stream().map(Optional::orElseThrow).toList();
    return Optional.of(
        new AddedToken(content.get(), set.get(0), set.get(1), set.get(2), set.get(3), set.get(4)));
  }

  /** As it is written where its id is its name. */
  JsonObject json() {
    Map<String, JsonValue> fields = new LinkedHashMap<>();
    fields.put("content", JsonValue.of(content));
    fields.put("single_word", JsonValue.of(singleWord));
    fields.put("lstrip", JsonValue.of(lstrip));
    fields.put("rstrip", JsonValue.of(rstrip));
    fields.put("normalized", JsonValue.of(normalized));
    fields.put("special", JsonValue.of(special));
    return new JsonObject(fields);
  }

  /** As it is written in a list. */
  JsonObject json(int id) {
    Map<String, JsonValue> fields = new LinkedHashMap<>();
    fields.put("id", JsonValue.of(id));
    fields.putAll(json().fields());
    return new JsonObject(fields);
  }

  /** What is said of it, in words. */
  String flags() {
    return "%s%s%s%s%s"
        .formatted(
            special ? "special" : "not special",
            normalized ? ", normalized" : "",
            singleWord ? ", single_word" : "",
            lstrip ? ", lstrip" : "",
            rstrip ? ", rstrip" : "");
  }
}
