package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Evaluators of a file of their own, and those that test once all is chosen. */
class EvaluatorFileTest extends TrialRecipeCases {
  private static final String HTTP = "{http: 'http://h/s', direction: max}";

  private static TrialRecipe evaluated(String file, String text) {
    return parse("soup: greedy\n" + MODELS + "evaluate: " + file + "\n", Map.of(file, text));
  }

  private static TrialRecipe tested(String test) {
    return parse("soup: greedy\n" + MODELS + EVALUATE + "test: " + test + "\n");
  }

  @Test
  void aFileHasWhatStandsUnderEvaluateElse() {
    String inPlace = "soup: greedy\n" + MODELS + "evaluate: " + HTTP + "\n";

    assertThat(evaluated("e.yml", HTTP).judges()).isEqualTo(parse(inPlace).judges());
    assertThat(evaluated("dir/e.yaml", HTTP).judges()).isEqualTo(parse(inPlace).judges());
    assertThat(evaluated("e.json", "{\"http\": \"http://h/s\", \"direction\": \"max\"}").judges())
        .isEqualTo(parse(inPlace).judges());
  }

  @Test
  void aFileMayHoldAListWithAFileOfScoresInIt() {
    TrialRecipe recipe =
        evaluated("e.yml", "- " + HTTP + "\n- {scores: scores.jsonl, direction: min, weight: 3}\n");

    assertThat(recipe.judges().all()).hasSize(2);
    assertThat(recipe.judges().all().get(1).metric().weight()).isEqualTo(3);
    assertThat(recipe.judges().all().get(1).metric().higherIsBetter()).hasValue(false);
  }

  @Test
  void faultsInAFileHaveItsOwnLines() {
    assertThatThrownBy(
            () -> evaluated("e.yml", "http: 'http://h/s'\ndirection: max\ntimeouts: 3\n"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(
            "e.yml:3: `timeouts` is not a key of `evaluate`; did you mean `timeout`?")
        .hasMessageNotContaining("r.yml");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "e.yml", "'text'"})
  void aFileOfAWordAloneIsNone(String text) {
    assertThatThrownBy(() -> evaluated("e.yml", text))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(
            "r.yml:3: `evaluate`: e.yml must hold an evaluator, or a list of them");
  }

  @Test
  void aFileThatIsNotThereIsToldAtTheLineThatNamesIt() {
    assertThatThrownBy(() -> parse("soup: greedy\n" + MODELS + "evaluate: no.yml\n"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("r.yml:3: `evaluate` no.yml cannot be read: no.yml");
  }

  @Test
  void anotherWordIsNoFile() {
    assertThatThrownBy(() -> parse("soup: greedy\n" + MODELS + "evaluate: e.txt\n"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("r.yml:3: `evaluate` is e.txt, must say by what: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{http: 'http://h/s', direction: max, parallel: 8} | 8",
        "[{http: 'http://h/s', direction: max, parallel: 3}, {http: 'http://h/t', direction: max,"
            + " parallel: 8}] | 3",
        "[{http: 'http://h/s', direction: max, parallel: 8}, {http: 'http://h/t', direction: max}]"
            + " | 1"
      })
  void asManyAreEvaluatedAtOnceAsTheMostHesitantAllows(String evaluate, int parallel) {
    assertThat(evaluated("e.yml", evaluate).parallel()).isEqualTo(parallel);
  }

  @Test
  void whoTestsIsReadAsWhoEvaluatesAndCountsApart() {
    TrialRecipe recipe = tested("{http: 'http://h/t', direction: min, parallel: 4}");

    assertThat(recipe.parallel()).isEqualTo(1);
    assertThat(recipe.test().map(Judges::parallel)).hasValue(4);
    assertThat(recipe.identity())
        .as("nothing is chosen by it")
        .isEqualTo(parse("soup: greedy\n" + MODELS + EVALUATE).identity());
    assertThat(parse("soup: greedy\n" + MODELS + EVALUATE).test()).isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{on: nowhere, direction: max} | r.yml:4: `test` is asked once all is chosen, and cannot be"
            + " `on: nowhere`; name a command or a service",
        "{command: [e, '{model}', '{budget}'], direction: max} | r.yml:4: `{budget}` in `command`"
            + " is filled in by `strategy: halving` only",
        "{http: 'http://h/t'} | r.yml:4: `evaluate` does not say whether more is better",
        "[] | r.yml:4: `evaluate` is empty; name an evaluator"
      })
  void aTestThatCannotBeAskedIsRefused(String test, String message) {
    assertThatThrownBy(() -> tested(test))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }

  /** The last candidates are scored on a number of examples, which a test may use, too. */
  @Test
  void whereSetsGrowATestMayBeToldHowMany() {
    String command = "{command: [e, '{model}', '{budget}'], direction: max}\n";
    TrialRecipe recipe =
        parse(
            "merge_method: linear\nparameters: {weight: {range: [0, 1]}}\n"
                + MODELS
                + "search: {strategy: halving, max: 90}\nevaluate: "
                + command
                + "test: "
                + command);

    assertThat(recipe.test().orElseThrow().all()).allMatch(Judge::wantsBudget);
  }
}
