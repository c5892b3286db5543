package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gathers the tokens of a {@code tokenizer.json}, and checks that they are numbered as loaders do.
 */
final class TokenizerParser implements TokenizerScan.Listener {
  private static final String MEND =
      ". Load it with transformers and save it again, which numbers them, or mend the file";

  private final String name;
  private final Map<String, Long> pieces = new LinkedHashMap<>();
  private final List<Entry> added = new ArrayList<>();
  private Optional<String> type = Optional.empty();
  private String prefix = "";
  private boolean isList;
  private boolean hasVocabulary;
  private boolean hasMerges;

  private record Entry(AddedToken token, long id) {}

  TokenizerParser(String name) {
    this.name = name;
  }

  @Override
  public void model(String key, JsonValue value) {
    switch (key) {
      case "type" -> type = value.text();
      case "continuing_subword_prefix" -> prefix = value.text().orElse("");
      default -> {} // how it cuts, which is its own affair
    }
  }

  @Override
  public void vocabulary(boolean list) {
    isList = list;
    hasVocabulary = true;
  }

  @Override
  public void piece(String token, long id, TokenizerScan.Extent at) {
    Long earlier = pieces.putIfAbsent(token, id);
    if (earlier != null) {
      throw problem("its vocabulary has '%s' twice, as %s and %s".formatted(token, earlier, id));
    }
  }

  @Override
  public void added(JsonObject token, TokenizerScan.Extent at) throws JsonException {
    Optional<AddedToken> read = AddedToken.of(token);
    long id = token.whole("id", -1);
    if (read.isEmpty() || id < 0) {
      throw JsonException.of(
          "one of its added_tokens lacks its id, its content or a flag: %s"
              .formatted(token.text("content")));
    }
    added.add(new Entry(read.get(), id));
  }

  @Override
  public void end(TokenizerScan.Part part, TokenizerScan.Extent at) {
    hasMerges |= part == TokenizerScan.Part.MERGES;
  }

  private TokenizerException problem(String what) {
    return new TokenizerException(name, what + MEND);
  }

  TokenizerFile.Tokens tokens() {
    ModelKind kind = kind();
    List<String> all = numbered();
    Map<String, AddedToken> named = new LinkedHashMap<>();
    for (Entry entry : added) {
      String content = entry.token().content();
      if (named.putIfAbsent(content, entry.token()) != null) {
        throw problem("its added_tokens have '%s' twice".formatted(content));
      }
      long loaded = pieces.getOrDefault(content, (long) all.size());
      if (loaded != entry.id()) {
        throw problem(
            "its added token '%s' says that its id is %s, and loaders give it %s"
                .formatted(content, entry.id(), loaded));
      }
      if (!pieces.containsKey(content)) {
        all.add(content);
      }
    }
    return new TokenizerFile.Tokens(kind, prefix, List.copyOf(all), pieces.size(), named);
  }

  private ModelKind kind() {
    if (!hasVocabulary) {
      throw new TokenizerException(
          name,
          "its model%s has no vocabulary that could be read; known are %s"
              .formatted(
                  type.map(" %s"::formatted).orElse(""), String.join(", ", ModelKind.words())));
    }
    if (type.isEmpty()) {
      return ModelKind.guessed(isList, hasMerges);
    }
    return ModelKind.of(type.get())
        .orElseThrow(
            () ->
                new TokenizerException(
                    name,
                    "its model is %s, and only those of %s can be read. Leave out tokenizer and tokenizer_source if all models have one tokenizer"
                        .formatted(type.get(), String.join(", ", ModelKind.words()))));
  }

  /** The tokens of the model by their ids, which have no gaps. */
  private List<String> numbered() {
    String[] byId = new String[pieces.size()];
    pieces.forEach(
        (token, id) -> {
          if (id >= byId.length) {
            throw problem(
                "its vocabulary has %s tokens, and '%s' is number %s, so that numbers are left out"
                    .formatted(byId.length, token, id));
          }
          int place = Math.toIntExact(id);
          if (byId[place] != null) {
            throw problem("'%s' and '%s' are both number %s".formatted(byId[place], token, id));
          }
          byId[place] = token;
        });
    return new ArrayList<>(List.of(byId));
  }
}
