package dev.stockpot.merge.vocabulary;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which tokens of one tokenizer spell those of another: the longest that there is, again and again
 * from the left. That is how WordPiece cuts words; BPE merges pairs in an order of its own, and may
 * cut a few elsewhere. A letter that no token has is passed over, and tokens that steer have no
 * text.
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
    return one.tokens().stream().map(token -> told.spelled(token, spelling)).toArray(int[][]::new);
  }

  private int[] spelled(String token, TokenPieces spelling) {
    if (tokenizer.added(token).filter(AddedToken::special).isPresent()) {
      return new int[0];
    }
    if (!prefix.isEmpty()) {
      boolean goesOn = token.startsWith(prefix);
      return spelling.pieces(goesOn ? token.substring(prefix.length()) : token, !goesOn);
    }
    boolean begins = token.startsWith(beginning);
    return spelling.pieces(begins ? token.substring(beginning.length()) : token, begins);
  }

  private int[] pieces(String text, boolean beginsWord) {
    String spelled = prefix.isEmpty() && beginsWord ? beginning + text : text;
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
