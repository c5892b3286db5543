package dev.stockpot.merge.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which text each id stands for, as a file of a tokenizer says.
 *
 * @param tokens by id
 * @param added ids of tokens that stand beside those that were learnt: controls, and room for more
 */
public record TokenTable(Map<Long, String> tokens, Set<Long> added) {
  /** The files that can be read, the best first. */
  public static final List<String> FILES =
      List.of(Format.TOKENIZER.file, Format.VOCABULARY.file, Format.LINES.file);

  /** Tokens that nobody has learnt, for others to put theirs in their place. */
  private static final Pattern SPARE =
      Pattern.compile("(?i).*(unused|reserved|extra_id|placeholder|dummy).*");

  /** How a file tells. */
  private enum Format {
    TOKENIZER("tokenizer.json"),
    VOCABULARY("vocab.json"),
    LINES("vocab.txt");

    private final String file;

    Format(String file) {
      this.file = file;
    }
  }

  public TokenTable {
    tokens = Map.copyOf(tokens);
    added = Set.copyOf(added);
  }

  /**
   * Reads a file.
   *
   * @param file one of {@link #FILES}
   * @return empty if it names no tokens
   * @throws JsonException if it is no JSON
   */
  public static Optional<TokenTable> of(String file, byte[] text) throws JsonException {
    Map<Long, String> tokens = new HashMap<>();
    Set<Long> added = new HashSet<>();
    if (file.equals(Format.LINES.file)) {
      String[] lines = new String(text, UTF_8).split("\r?\n", -1);
      for (int id = 0; id < lines.length; id++) {
        if (!lines[id].isEmpty()) {
          tokens.put((long) id, lines[id]);
        }
      }
    } else {
      read(file, text, tokens, added);
    }
    return tokens.isEmpty() ? Optional.empty() : Optional.of(new TokenTable(tokens, added));
  }

  private static void read(String file, byte[] text, Map<Long, String> tokens, Set<Long> added)
      throws JsonException {
    try (JsonReader json = JsonReader.ofPythons(text)) {
      if (file.equals(Format.VOCABULARY.file)) {
        readVocabulary(json, tokens);
      } else {
        readTokenizer(json, tokens, added);
      }
    }
  }

  private static void readTokenizer(JsonReader json, Map<Long, String> tokens, Set<Long> added)
      throws JsonException {
    Map<Long, String> beside = new HashMap<>();
    boolean isObject = json.beginsObject();
    while (isObject && json.nextField()) {
      switch (json.name()) {
        case "model" -> readModel(json, tokens);
        case "added_tokens" -> readAdded(json, beside);
        default -> json.skipValue();
      }
    }
    tokens.putAll(beside);
    added.addAll(beside.keySet());
  }

  private static void readModel(JsonReader json, Map<Long, String> tokens) throws JsonException {
    boolean isObject = json.beginsObject();
    while (isObject && json.nextField()) {
      if (json.name().equals("vocab")) {
        readVocabulary(json, tokens);
      } else {
        json.skipValue();
      }
    }
  }

  /** Ids by token, or for Unigram tokens with their scores in the order of ids. */
  private static void readVocabulary(JsonReader json, Map<Long, String> tokens)
      throws JsonException {
    if (json.beginsObject()) {
      while (json.nextField()) {
        String token = json.name();
        json.nextIsText();
        json.whole().ifPresent(id -> tokens.put(id, token));
      }
    } else if ("[".equals(json.text())) {
      for (long id = 0; json.nextElement(); id++) {
        if (json.isList()) {
          readScored(json, id, tokens);
        } else {
          json.skipRest();
        }
      }
    }
  }

  /** A token, and behind it a score. */
  private static void readScored(JsonReader json, long id, Map<Long, String> tokens)
      throws JsonException {
    for (int place = 0; json.nextElement(); place++) {
      if (place == 0 && json.isText()) {
        tokens.put(id, json.text());
      } else {
        json.skipRest();
      }
    }
  }

  private static void readAdded(JsonReader json, Map<Long, String> added) throws JsonException {
    boolean isList = json.beginsList();
    while (isList && json.nextElement()) {
      long id = -1;
      String content = "";
      while (json.nextField()) {
        String key = json.name();
        boolean isText = json.nextIsText();
        if (key.equals("id")) {
          id = json.whole().orElse(-1);
        } else if (key.equals("content") && isText) {
          content = json.text();
        } else if (!isText) {
          json.skipRest();
        }
      }
      if (id >= 0) {
        added.put(id, content);
      }
    }
  }

  /** Whether an id is no word that was learnt: another model may have put something there. */
  boolean isSpare(long id) {
    return added.contains(id) || SPARE.matcher(tokens.getOrDefault(id, "unused")).matches();
  }
}
