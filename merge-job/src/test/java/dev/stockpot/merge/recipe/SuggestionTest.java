package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {
  private static final List<String> KNOWN =
      List.of("linear", "slerp", "ties", "dare_linear", "dare_ties", "merge_method", "t");

  @ParameterizedTest
  @CsvSource({
    "dare-ties, dare_ties",
    "Dare Ties, dare_ties",
    "tise, ties",
    "slrep, slerp",
    "lnear, linear",
    "dareties, dare_ties",
    "merge_metod, merge_method",
    "T, t"
  })
  void findsTheNearestWord(String word, String meant) {
    assertThat(Suggestion.closest(word, KNOWN)).hasValue(meant);
  }

  @Test
  void suggestsNothingForAnotherWord() {
    assertThat(Suggestion.closest("breadcrumbs", KNOWN)).isEmpty();
    assertThat(Suggestion.closest("nuslerp", KNOWN)).isEmpty();
    assertThat(Suggestion.closest("", List.of())).isEmpty();
  }

  @Test
  void namesAllWordsWhereNoneIsNear() {
    assertThat(Suggestion.or("there are", "x", List.of("ties", "slerp")))
        .isEqualTo("there are `ties`, `slerp`");
  }
}
