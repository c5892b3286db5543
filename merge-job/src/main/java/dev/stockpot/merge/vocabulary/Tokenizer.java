package dev.stockpot.merge.vocabulary;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The tokens that a model was trained with, and the files that say so. */
final class Tokenizer {
  private final TokenizerFile file;
  private final Map<String, Integer> ids = new HashMap<>();

  Tokenizer(TokenizerFile file) {
    this.file = file;
    List<String> tokens = file.tokens().all();
    for (int id = 0; id < tokens.size(); id++) {
      ids.put(tokens.get(id), id);
    }
  }

  TokenizerFile file() {
    return file;
  }

  /** All tokens by their ids. */
  List<String> tokens() {
    return file.tokens().all();
  }

  OptionalInt id(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** What an added token is; nothing if it is an ordinary piece, or none. */
  Optional<AddedToken> added(String token) {
    return Optional.ofNullable(file.tokens().added().get(token));
  }
}
