package dev.stockpot.merge.vocabulary;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How a tokenizer cuts text into pieces, by the words of {@code tokenizer.json}. */
enum ModelKind {
  BPE("BPE"),
  UNIGRAM("Unigram"),
  WORD_PIECE("WordPiece"),
  WORD_LEVEL("WordLevel");

  /** How a piece of bytes writes a space, and how one of SentencePiece does. */
  private static final char BYTE_SPACE = '\u0120';

  private static final char SPACE = '\u2581';

  private final String word;

  ModelKind(String word) {
    this.word = word;
  }

  static Optional<ModelKind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }

  /** The kind that loaders take a model for that does not say it. */
  static ModelKind guessed(boolean isList, boolean hasMerges) {
    return isList ? UNIGRAM : hasMerges ? BPE : WORD_LEVEL;
  }

  /** Whether no text has a piece as it is written: it has a sign for a space, or for a byte. */
  boolean neverMatches(String piece) {
    return switch (this) {
      case BPE, UNIGRAM -> piece.indexOf(BYTE_SPACE) >= 0 || piece.indexOf(SPACE) >= 0;
      case WORD_PIECE -> piece.startsWith("##");
      case WORD_LEVEL -> false;
    };
  }

  static List<String> words() {
    return Arrays.stream(values()).map(kind -> kind.word).toList();
  }

  @Override
  public String toString() {
    return word;
  }
}
