package dev.stockpot.merge.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of two sets of examples together, and what may not differ between them. */
class SummedNotesTest {
  private final List<String> remarks = new ArrayList<>();

  private static StatisticsFile file(String name, Map<String, String> metadata) {
    return new StatisticsFile(
        name, StatisticsCheckpoint.of(ModelHeaders.named(name).open()), metadata);
  }

  private Map<String, String> summed(Map<String, String> a, Map<String, String> b) {
    return new SummedNotes(file("a", a), file("b", b), remarks).metadata();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "normalised | one holds sums and the other means",
        "layout | matrices are stored in different ways",
        "shared | modules share inputs in different ways",
        "at | they were taken at different places",
        "of | they are of different things",
        "form | one is packed and the other is not",
        "labels | labels were taken in different ways",
        "model_sha256 | they are of different weights",
        "model_b_sha256 | their second models have different weights"
      })
  void whatMustBeAlikeIsRefusedWhereItIsNot(String key, String why) {
    assertThatThrownBy(() -> summed(Map.of(key, "x"), Map.of(key, "y")))
        .isInstanceOf(UserException.class)
        .hasMessage("a and b do not add up, as %s: %s is 'x' and 'y'".formatted(why, key));
    assertThat(summed(Map.of(key, "x"), Map.of()))
        .as("the other says nothing")
        .isEqualTo(Map.of(key, "x"));
    assertThat(summed(Map.of(), Map.of(key, "y"))).isEqualTo(Map.of(key, "y"));
    assertThat(summed(Map.of(key, "x"), Map.of(key, "x"))).isEqualTo(Map.of(key, "x"));
    assertThat(remarks).isEmpty();
  }

  @Test
  void ofOtherThingsThatDifferTheFirstIsKeptAndTold() {
    assertThat(summed(Map.of("host", "x", "z", "1"), Map.of("host", "y", "a", "2")))
        .containsExactly(Map.entry("a", "2"), Map.entry("host", "x"), Map.entry("z", "1"));
    assertThat(remarks).containsExactly("host is 'x' and 'y'; the first is kept");
  }

  @Test
  void numbersOfExamplesAddUp() {
    assertThat(
            summed(
                Map.of("n_examples", "7", "n_tokens", "900000000000000000"),
                Map.of("n_examples", "0", "n_tokens", "100000000000000000")))
        .isEqualTo(Map.of("n_examples", "7", "n_tokens", "1000000000000000000"));
  }

  /** More than float64 tells apart: tokens are counted, not estimated. */
  @Test
  void theSumOfLargeCountsIsExact() {
    assertThat(
            summed(
                Map.of("n_tokens", "9007199254740993"), Map.of("n_tokens", "123456789012345678")))
        .isEqualTo(Map.of("n_tokens", "132463988267086671"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-3", "1.5", "1e6", "many", "1000000000000000000"})
  void whatIsNoNumberOfExamplesIsNotKnown(String number) {
    assertThat(summed(Map.of("n_examples", number), Map.of("n_examples", "5"))).isEmpty();
    assertThat(summed(Map.of("n_examples", "5"), Map.of("n_examples", number))).isEmpty();
    assertThat(remarks)
        .hasSize(2)
        .containsOnly("n_examples is not known of both, and so of neither together");
  }

  @ParameterizedTest
  @ValueSource(strings = {"seed", "dataset_sha256"})
  void whatIsTrueOfOnePartIsNotSaidOfBoth(String key) {
    assertThat(summed(Map.of(key, "1"), Map.of(key, "2"))).isEmpty();
    assertThat(summed(Map.of(key, "1"), Map.of())).isEmpty();
    assertThat(summed(Map.of(), Map.of(key, "1"))).isEmpty();
    assertThat(summed(Map.of(key, "1"), Map.of(key, "1"))).isEqualTo(Map.of(key, "1"));
    assertThat(remarks).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"x, y, x + y", "x, x, x", "x, -, x", "-, y, y"})
  void bothNotesAreKept(String a, String b, String both) {
    assertThat(summed(note(a), note(b))).isEqualTo(note(both));
  }

  private static Map<String, String> note(String text) {
    return text == null ? Map.of() : Map.of("dataset_note", text);
  }

  @ParameterizedTest
  @CsvSource({"n, d, 1", "n, e, 0", "m, d, 0"})
  void theSameSetTwiceIsTold(String note, String digest, int told) {
    summed(
        Map.of("dataset_note", "n", "dataset_sha256", "d"),
        Map.of("dataset_note", note, "dataset_sha256", digest));
    assertThat(remarks)
        .hasSize(told)
        .allMatch(
            remark ->
                remark.equals(
                    "both say that they are of the same examples (n): if they are, these count"
                        + " twice"));
  }

  /** One digest of a corpus says nothing of which part of it was taken. */
  @Test
  void oneOfTwoSignsIsNotEnoughToTell() {
    summed(Map.of("dataset_note", "n"), Map.of("dataset_note", "n"));
    summed(Map.of("dataset_sha256", "d"), Map.of("dataset_sha256", "d"));
    assertThat(remarks).isEmpty();
  }
}
