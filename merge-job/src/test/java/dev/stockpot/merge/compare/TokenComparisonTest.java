package dev.stockpot.merge.compare;

import static dev.stockpot.merge.compare.Difference.Weight.NONSENSE;
import static dev.stockpot.merge.compare.Difference.Weight.PERHAPS_MEANT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TokenComparisonTest {
  private static final int WORDS = 1000;

  /** Words, then two added tokens. */
  private static Map<Long, String> words() {
    Map<Long, String> tokens = new HashMap<>();
    for (long id = 0; id < WORDS; id++) {
      tokens.put(id, "word" + id);
    }
    tokens.put((long) WORDS, "<s>");
    tokens.put(WORDS + 1L, "</s>");
    return tokens;
  }

  private static TokenTable table(Map<Long, String> tokens) {
    return new TokenTable(tokens, Set.of((long) WORDS, WORDS + 1L, WORDS + 2L));
  }

  private static Optional<Difference> difference(Map<Long, String> a, Map<Long, String> b) {
    return TokenComparison.of("a", table(a), "b", table(b));
  }

  @Test
  void saysNothingOfTheSameTokens() {
    assertThat(difference(words(), words())).isEmpty();
  }

  @Test
  void callsATokenizerOfOneSizeAndOtherTokensNonsense() {
    Map<Long, String> others = words();
    LongStream.range(0, WORDS).forEach(id -> others.put(id, "mot" + id));
    assertThat(difference(words(), others))
        .contains(
            new Difference(
                NONSENSE,
                "1000 of 1002 ids stand for other tokens in b than in a: 0 is \"mot0\" in b, \"word0\""
                    + " in a, 1 is \"mot1\" in b, \"word1\" in a, 2 is \"mot2\" in b, \"word2\" in a, …"));
  }

  @Test
  void callsShiftedTokensNonsense() {
    Map<Long, String> shifted = words();
    LongStream.range(1, WORDS).forEach(id -> shifted.put(id, "word" + (id - 1)));
    assertThat(difference(words(), shifted)).map(Difference::weight).contains(NONSENSE);
  }

  @Test
  void tellsOfAnAddedTokenThatIsAnother() {
    Map<Long, String> others = words();
    others.put((long) WORDS, "<|im_start|>");
    assertThat(difference(words(), others))
        .contains(
            new Difference(
                PERHAPS_MEANT,
                "1 id stands for another token in b than in a: 1000 is \"<|im_start|>\" in b, \"<s>\""
                    + " in a"));
  }

  @Test
  void tellsOfWordsThatAreFewEnoughToBeMeant() {
    Map<Long, String> few = words();
    LongStream.range(0, 10).forEach(id -> few.put(id, "x" + id));
    assertThat(difference(words(), few)).map(Difference::weight).contains(PERHAPS_MEANT);
    few.put(10L, "x10");
    assertThat(difference(words(), few)).map(Difference::weight).contains(NONSENSE);
  }

  @Test
  void letsManyTokensStandWhereNobodyHasLearntAny() {
    Map<Long, String> unused = words();
    LongStream.range(0, 200).forEach(id -> unused.put(id, "[unused%s]".formatted(id)));
    assertThat(difference(unused, words())).map(Difference::weight).contains(PERHAPS_MEANT);
  }

  @Test
  void tellsOfTokensThatTheResultWillNotHave() {
    Map<Long, String> more = words();
    more.put(WORDS + 2L, "<|a_token_with_a_very_long_name|>");
    assertThat(difference(words(), more))
        .contains(
            new Difference(
                PERHAPS_MEANT, "b has a token that a lacks: \"<|a_token_with_a_very_lo…\" (1002)"));
    assertThat(difference(more, words())).isEmpty();
  }

  @Test
  void tellsOfBothAtOnce() {
    Map<Long, String> more = words();
    more.put((long) WORDS, "<bos>");
    more.put(WORDS + 2L, "<pad>");
    assertThat(difference(words(), more).orElseThrow().words())
        .isEqualTo(
            "1 id stands for another token in b than in a: 1000 is \"<bos>\" in b, \"<s>\" in a;"
                + " b has a token that a lacks: \"<pad>\" (1002)");
  }
}
