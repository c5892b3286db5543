package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.json.JsonException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pairs that BPE makes one, by their rank: of all that lie side by side the one of the lowest
 * rank comes first, and of several the first from the left, until there is none.
 *
 * @see <a href="https://github.com/huggingface/tokenizers">tokenizers, {@code
 *     models/bpe/word.rs}</a>
 */
final class MergeRanks implements TokenizerScan.Listener {
  private final String prefix;
  private final Map<Pair, Integer> ranks = new HashMap<>();
  private int count;

  private record Pair(String left, String right) {}

  private MergeRanks(String prefix) {
    this.prefix = prefix;
  }

  /**
   * Those of a tokenizer; none if it is no BPE.
   *
   * @throws TokenizerException if it is damaged
   */
  static MergeRanks of(TokenizerFile file) {
    MergeRanks ranks = new MergeRanks(file.tokens().prefix());
    if (file.tokens().kind() == ModelKind.BPE) {
      try {
        TokenizerScan.of(file.text(), ranks);
      } catch (JsonException e) {
        throw new TokenizerException(
            file.name(), "it is no tokenizer: %s. Fetch it again".formatted(e.getMessage()), e);
      }
    }
    return ranks;
  }

  @Override
  public void merge(String left, String right, TokenizerScan.Extent at) {
    ranks.put(new Pair(left, right), count++);
  }

  boolean isEmpty() {
    return ranks.isEmpty();
  }

  /**
   * The pieces of a text.
   *
   * @param beginsWord whether its first letter has no prefix
   */
  List<String> cut(String text, boolean beginsWord) {
    List<String> pieces = new ArrayList<>();
    text.codePoints()
        .mapToObj(Character::toString)
        .forEach(letter -> pieces.add(pieces.isEmpty() && beginsWord ? letter : prefix + letter));
    for (int at = lowest(pieces); at >= 0; at = lowest(pieces)) {
      String right = pieces.remove(at + 1);
      pieces.set(at, pieces.get(at) + right.substring(prefix.length()));
    }
    return pieces;
  }

  /** Where the pair of the lowest rank begins, or -1. */
  private int lowest(List<String> pieces) {
    int found = -1;
    int lowest = Integer.MAX_VALUE;
    for (int i = 0; i + 1 < pieces.size(); i++) {
      int rank = ranks.getOrDefault(new Pair(pieces.get(i), pieces.get(i + 1)), Integer.MAX_VALUE);
      if (rank < lowest) {
        found = i;
        lowest = rank;
      }
    }
    return found;
  }
}
