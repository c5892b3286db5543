package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.json.JsonException;
import java.util.List;
import java.util.Map;

/**
 * A {@code tokenizer.json} whose tokens are known: one for each id from 0 on, as loaders number
 * them. They ignore the id that is written beside an added token and count on from the number of
 * the others, so a file that says something else is refused: rows would be those of other tokens.
 */
final class TokenizerFile {
  private final String name;
  private final byte[] text;
  private final Tokens tokens;

  /**
   * What is in it.
   *
   * @param kind of its model
   * @param prefix of pieces that begin no word, which BPE leaves out where it joins two
   * @param all tokens by their ids
   * @param pieces how many of them the model knows; added ones may be among these, and follow them
   * @param added by what they are, in the order of the file
   */
  record Tokens(
      ModelKind kind, String prefix, List<String> all, int pieces, Map<String, AddedToken> added) {}

  private TokenizerFile(String name, byte[] text, Tokens tokens) {
    this.name = name;
    this.text = text;
    this.tokens = tokens;
  }

  /**
   * Reads one.
   *
   * @param name where it lies, for messages
   * @throws TokenizerException if it is damaged, of a kind that nobody knows, or numbers its tokens
   *     otherwise than loaders do
   */
  static TokenizerFile parse(String name, byte[] text) {
    TokenizerParser parser = new TokenizerParser(name);
    try {
      TokenizerScan.of(text, parser);
    } catch (JsonException e) {
      throw new TokenizerException(
          name, "it is no tokenizer: %s. Fetch it again".formatted(e.getMessage()), e);
    }
    return new TokenizerFile(name, text, parser.tokens());
  }

  String name() {
    return name;
  }

  Tokens tokens() {
    return tokens;
  }

  byte[] text() {
    return text;
  }

  /**
   * The file without its last tokens, and with others behind those that are left. What stays is
   * written as it was, letter by letter.
   *
   * @param kept how many tokens stay
   * @param appended in the order of their ids
   */
  byte[] changed(int kept, List<AddedToken> appended) {
    return kept == tokens.all().size() && appended.isEmpty()
        ? text
        : TokenizerWriter.write(this, kept, appended);
  }
}
