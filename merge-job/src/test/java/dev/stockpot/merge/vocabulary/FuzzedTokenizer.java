package dev.stockpot.merge.vocabulary;

/** Tokenizers of any bytes. */
public final class FuzzedTokenizer {
  private FuzzedTokenizer() {}

  /** It is read with its tokens, or refused in words. */
  public static void tokenizer(byte[] bytes) {
    try {
      TokenizerFile.parse("tokenizer.json", bytes).tokens();
    } catch (TokenizerException e) {
      if (e.getMessage().isBlank()) {
        throw new AssertionError("a refusal without words", e);
      }
    }
  }
}
