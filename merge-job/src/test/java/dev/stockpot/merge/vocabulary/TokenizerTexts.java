package dev.stockpot.merge.vocabulary;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/** Writes small tokenizers for tests, as files have them. */
final class TokenizerTexts {
  private final List<String> pieces = new ArrayList<>();
  private final List<String> added = new ArrayList<>();
  private final List<String> merges = new ArrayList<>();
  private String type = "WordLevel";

  /** A tokenizer of whole words. */
  static TokenizerTexts words(String... words) {
    TokenizerTexts text = new TokenizerTexts();
    text.pieces.addAll(List.of(words));
    return text;
  }

  TokenizerTexts type(String word) {
    type = word;
    return this;
  }

  /** Adds special tokens behind the words, or among them. */
  TokenizerTexts special(String... tokens) {
    return add(true, tokens);
  }

  /** Adds tokens that are not special. */
  TokenizerTexts plain(String... tokens) {
    return add(false, tokens);
  }

  private TokenizerTexts add(boolean special, String... tokens) {
    for (String token : tokens) {
      int known = pieces.indexOf(token);
      long behind = added.stream().filter(entry -> entry.contains("\"behind\"")).count();
      long id = known >= 0 ? known : pieces.size() + behind;
      added.add(
          "{\"id\": %s, \"content\": %s, \"single_word\": false, \"lstrip\": false, \"rstrip\": false, \"normalized\": %s, \"special\": %s%s}"
              .formatted(
                  id, quoted(token), !special, special, known >= 0 ? "" : ", \"behind\": 1"));
    }
    return this;
  }

  /** A byte pair encoding with these merges, {@code a b} each. */
  TokenizerTexts merges(String... pairs) {
    type = "BPE";
    merges.addAll(List.of(pairs));
    return this;
  }

  private static String quoted(String text) {
    return JsonWriter.text(JsonStyle.COMPACT, JsonValue.of(text));
  }

  /** The file. */
  String json() {
    List<String> vocabulary = new ArrayList<>();
    for (int id = 0; id < pieces.size(); id++) {
      vocabulary.add(
          type.equals("Unigram")
              ? "[%s, -%s.50]".formatted(quoted(pieces.get(id)), id)
              : "%s: %s".formatted(quoted(pieces.get(id)), id));
    }
    List<String> pairs = merges.stream().map(pair -> quoted(pair)).toList();
    boolean isList = type.equals("Unigram");
    return """
        {"version": "1.0", "truncation": null, "added_tokens": [%s],
         "normalizer": {"type": "NFC", "vocab": 3}, "odd": 1.50,
         "model": {"type": "%s", "unk_id": 0, %s"vocab": %s%s%s}, "last": "λ"}
        """
        .formatted(
            String.join(", ", added),
            type,
            merges.isEmpty() ? "" : "\"merges\": [%s], ".formatted(String.join(", ", pairs)),
            isList ? "[" : "{",
            String.join(", ", vocabulary),
            isList ? "]" : "}");
  }

  TokenizerFile file() {
    return TokenizerFile.parse("m/tokenizer.json", json().getBytes(UTF_8));
  }

  Tokenizer tokenizer() {
    return new Tokenizer(file());
  }

  static JsonValue parsed(byte[] text) throws Exception {
    return Json.parse(text);
  }
}
