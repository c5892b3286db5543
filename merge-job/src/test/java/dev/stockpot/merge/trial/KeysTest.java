package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.RecipeParser;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of a search are checked while they are read, and a wrong one is told with its line. */
class KeysTest {
  private static final List<String> KNOWN = List.of("a", "b", "patience");

  private final Problems problems = new Problems("r.yml");

  private Keys keys(String yaml) {
    MapNode map = (MapNode) RecipeParser.trees("r.yml", yaml).get(0);
    return new Keys("a soup", KNOWN, map, problems);
  }

  private void tells(String problem) {
    assertThat(problems.sorted()).hasSize(1);
    assertThat(problems.sorted().get(0)).contains(problem);
  }

  @Test
  void unknownKeysAndEmptyOnesAreToldTogether() {
    keys("a: 1\npatiense: 3\nb:\n");
    assertThat(problems.sorted()).hasSize(2);
    assertThat(problems.sorted().get(0))
        .contains("2", "`patiense` is not a key of a soup", "patience");
    assertThat(problems.sorted().get(1)).contains("3", "`b` has no value");
  }

  @Test
  void whatIsAbsentIsWhatItIsOtherwise() {
    Keys keys = keys("b: 1");
    assertThat(keys.has("a")).isFalse();
    assertThat(keys.number("a", 0, 1, 0.25)).isEqualTo(0.25);
    assertThat(keys.whole("a", 0, 9, 3)).isEqualTo(3);
    assertThat(keys.numbers("a", 0, 1, List.of(0.5))).containsExactly(0.5);
    assertThat(keys.oneOf("a", List.of("x"), "y")).isEqualTo("y");
    assertThat(keys.duration("a", Duration.ofHours(1))).isEqualTo(Duration.ofHours(1));
    assertThat(keys.word("a")).isEmpty();
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void bothEndsOfAnIntervalAreWithinIt() {
    assertThat(keys("a: 0").number("a", 0, 1, 7)).isZero();
    assertThat(keys("a: 1").number("a", 0, 1, 7)).isEqualTo(1);
    assertThat(keys("a: '0.5'").number("a", 0, 1, 7)).as("also quoted").isEqualTo(0.5);
    assertThat(problems.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "1.01, '`a` is 1.01, must be a number from 0 to 1'",
    "-1, '`a` is -1, must be a number from 0 to 1'",
    ".nan, '`a` is .nan, must be a number from 0 to 1'",
    "much, '`a` is much, must be a number from 0 to 1'",
    "true, '`a` is true, must be a number from 0 to 1'",
    "'[1]', '`a` is no number, must be a number from 0 to 1'"
  })
  void otherValuesAreTold(String value, String problem) {
    assertThat(keys("a: " + value).number("a", 0, 1, 7)).isEqualTo(7);
    tells(problem);
  }

  @Test
  void aLimitThatIsNoneIsNotShownAsANumber() {
    keys("a: 0").number("a", 1, Integer.MAX_VALUE, 7);
    tells("must be a number from 1 to any larger one");
  }

  @Test
  void wholeNumbersAreWhole() {
    assertThat(keys("a: 3").whole("a", 1, 9, 7)).isEqualTo(3);
    assertThat(keys("a: 2.5").whole("a", 1, 9, 7)).isEqualTo(7);
    tells("`a` is 2.5, must be a whole number");
  }

  @Test
  void oneNumberIsAListOfOne() {
    assertThat(keys("a: 0.5").numbers("a", 0, 1, List.of())).containsExactly(0.5);
    assertThat(keys("a: [0, 1]").numbers("a", 0, 1, List.of())).containsExactly(0.0, 1.0);
    assertThat(problems.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'[]', '`a` is empty; give at least one'",
    "'[0.5, 2]', '`a` must be numbers from 0 to 1'",
    "'[x]', '`a` must be numbers from 0 to 1'",
    "'[[0.5]]', '`a` must be numbers from 0 to 1'",
    "'{b: 1}', '`a` must be numbers from 0 to 1'"
  })
  void otherListsAreTold(String value, String problem) {
    assertThat(keys("a: " + value).numbers("a", 0, 1, List.of(9.0))).containsExactly(9.0);
    tells(problem);
  }

  @Test
  void aWordMustBeOneOfThoseThatThereAre() {
    assertThat(keys("a: log").oneOf("a", List.of("linear", "log"), "linear")).isEqualTo("log");
    assertThat(keys("a: logg").oneOf("a", List.of("linear", "log"), "linear")).isEqualTo("linear");
    tells("`a` is logg; ");
    assertThat(problems.sorted().get(0)).contains("log");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "[]", "[[x]]", "[null]", "{b: 1}"})
  void wordsAreAList(String value) {
    assertThat(keys("a: " + value).words("a")).isEmpty();
    tells("`a` must be a list of words");
  }

  @Test
  void wordsMayLookLikeNumbers() {
    assertThat(keys("a: [python, 3, '{model}', true]").words("a"))
        .containsExactly("python", "3", "{model}", "true");
  }

  @ParameterizedTest
  @CsvSource({
    "30s, 30000",
    "15m, 900000",
    "15min, 900000",
    "2h, 7200000",
    "1d, 86400000",
    "250ms, 250",
    "1.5h, 5400000",
    "90, 90000",
    "'2 h', 7200000"
  })
  void timesAreWrittenAsPeopleDo(String text, long milliseconds) {
    assertThat(Durations.parse(text)).hasValue(Duration.ofMillis(milliseconds));
    assertThat(keys("a: " + text).duration("a", Duration.ZERO))
        .isEqualTo(Duration.ofMillis(milliseconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0s", "0", "-1s", "h", "1w", "1h30m", "1e3s", "9999999999s", "1,5h"})
  void whatIsNoTimeIsTold(String text) {
    assertThat(Durations.parse(text)).isEqualTo(Optional.empty());
    keys("a: '%s'".formatted(text)).duration("a", Duration.ofHours(1));
    tells("must be a time such as 90s, 30m or 2h");
  }
}
