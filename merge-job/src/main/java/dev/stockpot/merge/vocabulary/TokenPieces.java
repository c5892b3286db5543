package dev.stockpot.merge.vocabulary;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which tokens of one tokenizer spell those of another, as it would cut their text: BPE by the
 * ranks of its merges, others by the longest token that there is, again and again from the left, as
 * WordPiece does. A letter that no token has is passed over, and tokens that steer have no text.
 */
final class TokenPieces {
  private final Tokenizer tokenizer;
  private final String prefix;
  private final String beginning;

  private TokenPieces(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.prefix = tokenizer.file().tokens().prefix();
    this.beginning = SharedTokens.beginning(tokenizer);
  }

  /** For each token of one, by its id, the ids of the tokens of the other that spell it. */
  static int[][] of(Tokenizer one, Tokenizer other) {
    TokenPieces told = new TokenPieces(one);
    TokenPieces spelling = new TokenPieces(other);
    MergeRanks ranks = MergeRanks.of(other.file());
    return one.tokens().stream()
        .map(token -> told.spelled(token, spelling, ranks))
        .toArray(int[][]::new);
  }

  private int[] spelled(String token, TokenPieces spelling, MergeRanks ranks) {
    if (tokenizer.added(token).filter(AddedToken::special).isPresent()) {
      return new int[0];
    }
    if (!prefix.isEmpty()) {
      boolean goesOn = token.startsWith(prefix);
      return spelling.pieces(goesOn ? token.substring(prefix.length()) : token, !goesOn, ranks);
    }
    boolean begins = token.startsWith(beginning);
    return spelling.pieces(begins ? token.substring(beginning.length()) : token, begins, ranks);
  }

  private int[] pieces(String text, boolean beginsWord, MergeRanks ranks) {
    String spelled = prefix.isEmpty() && beginsWord ? beginning + text : text;
    return ranks.isEmpty()
        ? longest(spelled, beginsWord)
        : ranks.cut(spelled, beginsWord).stream()
            .map(tokenizer::id)
            .flatMapToInt(OptionalInt::stream)
            .toArray();
  }

  private int[] longest(String spelled, boolean beginsWord) {
    List<Integer> ids = new ArrayList<>();
    int at = 0;
    while (at < spelled.length()) {
      String before = prefix.isEmpty() || (at == 0 && beginsWord) ? "" : prefix;
      int end = spelled.length();
      OptionalInt id = tokenizer.id(before + spelled.substring(at, end));
      while (id.isEmpty() && end > at + 1) {
        end--;
        id = tokenizer.id(before + spelled.substring(at, end));
      }
      id.ifPresent(ids::add);
      at = end;
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
