package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonReader;
import dev.stockpot.merge.json.JsonValue;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Goes through a {@code tokenizer.json} from front to back and tells what is where. A vocabulary
 * has a quarter of a million entries and as many merges, so no tree is made of them; and what is
 * not changed is written as it was, letter by letter.
 *
 * @see <a href="https://github.com/huggingface/tokenizers">tokenizers, {@code
 *     tokenizer/serialization.rs} and {@code models/*}</a>
 */
final class TokenizerScan {
  private final byte[] text;
  private final JsonReader json;
  private final Listener listener;

  /** Bytes of the text. */
  record Extent(int begin, int end) {}

  /** A list whose entries may change. */
  enum Part {
    ADDED,
    VOCABULARY,
    MERGES
  }

  /** Who is told. */
  interface Listener {
    /** A value of the model that is neither tokens nor merges. */
    default void model(String name, JsonValue value) {}

    /** How the vocabulary is written: as an object, or as a list. */
    default void vocabulary(boolean isList) {}

    default void added(JsonObject token, Extent at) throws JsonException {}

    /** The next token of the vocabulary. */
    default void piece(String token, long id, Extent at) {}

    default void merge(String left, String right, Extent at) {}

    /** A list of which everything has been told, with its brackets. */
    default void end(Part part, Extent at) {}
  }

  private TokenizerScan(byte[] text, JsonReader json, Listener listener) {
    this.text = text;
    this.json = json;
    this.listener = listener;
  }

  /**
   * Goes through a text.
   *
   * @throws JsonException if it is no JSON, or not of a tokenizer; the message says why
   */
  static void of(byte[] text, Listener listener) throws JsonException {
    try (JsonReader json = JsonReader.of(text)) {
      new TokenizerScan(text, json, listener).file();
    }
  }

  private void file() throws JsonException {
    require(json.beginsObject(), "it is no object");
    while (json.nextField()) {
      switch (json.name()) {
        case "version" -> {
          JsonValue version = value();
          require(
              version.equals(JsonValue.of("1.0")), "its version is not 1.0, the only one there is");
        }
        case "added_tokens" -> addedTokens();
        case "model" -> model();
        default -> json.skipValue();
      }
    }
  }

  private static void require(boolean isSo, String otherwise) throws JsonException {
    if (!isSo) {
      throw JsonException.of(otherwise);
    }
  }

  /** The value that comes next: text, or nothing that is of interest. */
  private JsonValue value() throws JsonException {
    if (json.nextIsText()) {
      return JsonValue.of(json.text());
    }
    json.skipRest();
    return JsonValue.nothing();
  }

  private int begin() {
    return Math.toIntExact(json.begin());
  }

  private int end() {
    return Math.toIntExact(json.end());
  }

  private void addedTokens() throws JsonException {
    require(json.beginsList(), "its added_tokens are no list");
    int begin = begin();
    while (json.nextElement()) {
      int first = begin();
      json.skipRest();
      Extent at = new Extent(first, end());
      Optional<JsonObject> token =
          Json.parse(Arrays.copyOfRange(text, at.begin(), at.end())).object();
      require(token.isPresent(), "one of its added_tokens is no object");
      listener.added(token.get(), at);
    }
    listener.end(Part.ADDED, new Extent(begin, end()));
  }

  private void model() throws JsonException {
    require(json.beginsObject(), "its model is no object");
    while (json.nextField()) {
      String name = json.name();
      switch (name) {
        case "vocab" -> vocabulary();
        case "merges" -> merges();
        default -> listener.model(name, value());
      }
    }
  }

  private void vocabulary() throws JsonException {
    if (json.beginsObject()) {
      listener.vocabulary(false);
      int begin = begin();
      while (json.nextField()) {
        int first = begin();
        String token = json.name();
        listener.piece(token, whole(token), new Extent(first, end()));
      }
      listener.end(Part.VOCABULARY, new Extent(begin, end()));
    } else {
      require(json.isList(), "its vocabulary is neither an object nor a list");
      listener.vocabulary(true);
      scores();
    }
  }

  private long whole(String token) throws JsonException {
    json.nextIsText();
    OptionalLong id = json.whole();
    require(
        id.isPresent() && id.getAsLong() >= 0 && id.getAsLong() <= Integer.MAX_VALUE,
        "its token '%s' has no whole number as its id".formatted(token));
    return id.getAsLong();
  }

  /** Pairs of a token and its score; the place of each is its id. */
  private void scores() throws JsonException {
    int begin = begin();
    for (long id = 0; json.nextElement(); id++) {
      int first = begin();
      require(
          json.isList() && json.nextIsText(),
          "entry %s of its vocabulary is no pair of a token and a score".formatted(id));
      String token = json.text();
      json.skipValue();
      require(
          !json.nextElement(),
          "entry %s of its vocabulary is no pair of a token and a score".formatted(id));
      listener.piece(token, id, new Extent(first, end()));
    }
    listener.end(Part.VOCABULARY, new Extent(begin, end()));
  }

  private void merges() throws JsonException {
    require(json.beginsList(), "its merges are no list");
    int begin = begin();
    while (json.nextElement()) {
      int first = begin();
      if (json.isText()) {
        String[] sides = json.text().split(" ", -1);
        require(sides.length == 2, "its merge '%s' is no pair".formatted(json.text()));
        listener.merge(sides[0], sides[1], new Extent(first, end()));
      } else {
        require(json.isList() && json.nextIsText(), "one of its merges is no pair");
        String left = json.text();
        require(json.nextIsText(), "one of its merges is no pair");
        String right = json.text();
        require(!json.nextElement(), "one of its merges is no pair");
        listener.merge(left, right, new Extent(first, end()));
      }
    }
    listener.end(Part.MERGES, new Extent(begin, end()));
  }
}
