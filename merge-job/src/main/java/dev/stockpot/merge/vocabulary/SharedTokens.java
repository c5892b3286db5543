package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which tokens two tokenizers share, whatever letters they write a word's beginning with. Tokens
 * that steer are the same if they play the same part: the beginning of a text, its end, padding.
 */
final class SharedTokens {
  private static final String BYTE_LEVEL = "\u0120"; // Ġ
  private static final String PIECES = "\u2581"; // ▁
  private static final String WORD = "word:";
  private static final String REST = "rest:";
  private static final String PART = "part:";

  /** Names of the parts in files of tokenizers. */
  private static final List<String> PARTS =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  private static final List<String> FILES =
      List.of("special_tokens_map.json", "tokenizer_config.json");

  private SharedTokens() {}

  /** For each token of one tokenizer, by its id, the id that it has in the other; or -1. */
  static int[] of(Tokenizer one, ModelFiles filesOfOne, Tokenizer other, ModelFiles filesOfOther)
      throws IOException {
    Map<String, Integer> ids = new HashMap<>();
    List<String> otherKeys = keys(other, filesOfOther);
    for (int id = 0; id < otherKeys.size(); id++) {
      ids.putIfAbsent(otherKeys.get(id), id); // of two that are alike, the first
    }
    return keys(one, filesOfOne).stream().mapToInt(key -> ids.getOrDefault(key, -1)).toArray();
  }

  private static List<String> keys(Tokenizer tokenizer, ModelFiles files) throws IOException {
    Map<String, String> parts = parts(files);
    String beginning = beginning(tokenizer);
    return tokenizer.tokens().stream()
        .map(token -> key(token, tokenizer, parts, beginning))
        .toList();
  }

  private static String key(
      String token, Tokenizer tokenizer, Map<String, String> parts, String beginning) {
    boolean isSpecial = tokenizer.added(token).filter(AddedToken::special).isPresent();
    if (isSpecial && parts.containsKey(token)) {
      return PART + parts.get(token);
    }
    return !isSpecial && token.startsWith(beginning)
        ? WORD + token.substring(beginning.length())
        : REST + token;
  }

  /** The letter that a word begins with. */
  static String beginning(Tokenizer tokenizer) {
    long byteLevel = tokenizer.tokens().stream().filter(any -> any.startsWith(BYTE_LEVEL)).count();
    long pieces = tokenizer.tokens().stream().filter(any -> any.startsWith(PIECES)).count();
    return byteLevel >= pieces ? BYTE_LEVEL : PIECES;
  }

  /** The part that each token plays; the first file that names it counts. */
  private static Map<String, String> parts(ModelFiles files) throws IOException {
    Map<String, String> parts = new LinkedHashMap<>();
    for (String file : FILES) {
      JsonObject said = files.json(file);
      for (String part : PARTS) {
        said.get(part)
            .flatMap(SharedTokens::content)
            .ifPresent(token -> parts.putIfAbsent(token, part));
      }
    }
    return parts;
  }

  private static Optional<String> content(JsonValue value) {
    return value
        .text()
        .or(() -> value.object().flatMap(object -> object.get("content")).flatMap(JsonValue::text));
  }
}
