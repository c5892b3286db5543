package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.evaluate.EvaluationException;
import dev.stockpot.merge.storage.PendingFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trials whose scores are told: who is asked for, what is taken for an answer, what is merged. */
class ToldTrialsTest extends TrialRunCases {
  private static final String ELSEWHERE = "evaluate: {on: nowhere, direction: max%s}\n";

  private static TrialRecipe greedy(String keys) {
    return parse("soup: greedy\n" + MODELS + ELSEWHERE.formatted(keys));
  }

  private List<TrialRun.Question> ask(TrialRecipe recipe, int most) throws IOException {
    try (PendingFolder journal = folder("one")) {
      try {
        return trials(recipe, journal, Optional.empty()).ask(most);
      } finally {
        journal.keep();
      }
    }
  }

  private void tell(String candidate, String results) throws IOException {
    try (PendingFolder journal = folder("one")) {
      new Answers(journal).tell(candidate, results);
      journal.keep();
    }
  }

  /** Asks and tells until nobody is asked for. */
  private List<String> tellAll(TrialRecipe recipe, Map<String, String> results) throws IOException {
    List<String> asked = new ArrayList<>();
    for (List<TrialRun.Question> open = ask(recipe, 1); !open.isEmpty(); open = ask(recipe, 1)) {
      asked.add(open.get(0).what());
      tell(open.get(0).candidate(), results.get(open.get(0).what()));
    }
    return asked;
  }

  @Test
  void modelsAreAskedForWhereTheyLieAndNobodyIsMade() throws IOException {
    List<TrialRun.Question> open = ask(greedy(""), 9);

    assertThat(open).extracting(TrialRun.Question::what).containsExactly("a", "b", "c");
    assertThat(open)
        .extracting(TrialRun.Question::model)
        .containsExactly("/models/a", "/models/b", "/models/c");
    assertThat(open).extracting(TrialRun.Question::budget).containsOnly(0);
    assertThat(open.get(1).recipe()).contains("model: b").doesNotContain("model: a");
    assertThat(kitchen.readings).isEmpty();
    assertThat(ask(greedy(""), 2)).isEqualTo(open.subList(0, 2));
  }

  @Test
  void theJournalKnowsWhoWasAskedForInWords() throws IOException {
    List<TrialRun.Question> open = ask(greedy(""), 2);

    try (PendingFolder journal = folder("one")) {
      assertThat(new Answers(journal).asked())
          .containsOnly(
              Map.entry(open.get(0).candidate(), "a"), Map.entry(open.get(1).candidate(), "b"));
    }
  }

  @Test
  void whatIsToldLeadsToTheChoiceThatAnEvaluatorWouldHaveLedTo() throws Exception {
    Map<String, String> results =
        Map.of("a", "0.5", "b", "0.7", "c", "{\"score\": 0.1}", "a + b", "0.75", "a + b + c", "0");

    List<String> asked = tellAll(greedy(""), results);
    TrialRun.Chosen chosen = run("one", greedy(""));

    assertThat(asked).containsExactly("a", "b", "c", "a + b", "a + b + c");
    assertThat(chosen.what()).isEqualTo("a + b");
    assertThat(kitchen.readings).hasSize(2);
    assertThat(chosen.trials())
        .extracting(trial -> trial.text("verdict"))
        .containsExactly("", "", "", "accepted", "rejected");
  }

  @Test
  void aMergeWithoutAllScoresSaysWhoComesNext() throws IOException {
    List<TrialRun.Question> open = ask(greedy(""), 2);
    tell(open.get(0).candidate(), "0.5");

    assertThatThrownBy(() -> run("one", greedy("")))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "1 candidates are scored, and more wait for a score, b first. Name them with `stockpot"
                + " ask`, and tell their scores with `stockpot tell`");
  }

  @Test
  void whoCouldNotBeScoredIsToldAndLeftOut() throws Exception {
    String why = "{\"failure\": \"out of memory\"}";
    List<String> asked =
        tellAll(greedy(""), Map.of("a", "0.5", "b", why, "c", "0.4", "a + c", why));
    TrialRun.Chosen chosen = run("one", greedy(""));

    assertThat(asked).containsExactly("a", "b", "c", "a + c");
    assertThat(chosen.what()).isEqualTo("a");
    assertThat(chosen.trials().get(1).text("failure")).isEqualTo("out of memory");
    assertThat(chosen.trials().get(3).text("verdict")).isEqualTo("failed");
  }

  /** Results are kept as they were told, so that the recipe may count another metric of them. */
  @Test
  void anotherMetricOfWhatWasToldCountsLater() throws Exception {
    String results = "{\"acc\": %s, \"f1\": %s}";
    Map<String, String> told =
        Map.of(
            "a", results.formatted(0.5, 0.9),
            "b", results.formatted(0.7, 0.2),
            "c", results.formatted(0.1, 0.1),
            "a + b", results.formatted(0.6, 0.6),
            "b + c", results.formatted(0.6, 0.6),
            "a + c", results.formatted(0.6, 0.6));
    tellAll(greedy(", metric: acc"), told);
    assertThat(run("one", greedy(", metric: acc")).what()).isEqualTo("b");

    assertThat(tellAll(greedy(", metric: f1"), told)).containsExactly("a + c");
    assertThat(run("one", greedy(", metric: f1")).what()).isEqualTo("a");
  }

  @Test
  void aMetricThatWasNotToldIsNamedWithItsCandidate() throws IOException {
    String candidate = ask(greedy(""), 1).get(0).candidate();
    tell(candidate, "0.5");

    assertThatThrownBy(() -> ask(greedy(", metric: acc"), 1))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "What was told of %s (a) has not what `evaluate` asks for: its results have no `acc`;"
                    .formatted(candidate)
                + " they have score. Tell it again");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fine | what is told is 'fine', must be a number or JSON",
        "{\"loss\": 1} | its results have no `acc`; they have loss",
        "{\"acc\": NaN} | acc is NaN",
        "{ | its results are not JSON",
      })
  void whatIsToldMustHaveWhatTheRecipeAsksFor(String results, String message) {
    TrialRecipe recipe = greedy(", metric: acc");

    assertThatThrownBy(() -> recipe.requireScores(results))
        .isInstanceOf(EvaluationException.class)
        .hasMessageStartingWith(message);
    assertThatCode(() -> recipe.requireScores("{\"failure\": \"no GPU\"}"))
        .as("that there is none may always be told")
        .doesNotThrowAnyException();
  }

  /** Scores of whom nobody names are those of one soup; others are for the nights to come. */
  @ParameterizedTest
  @CsvSource({"'', false", "', version: mmlu-3', true", "', metric: acc', true"})
  void aNamedEvaluatorsScoresGoToTheCache(String keys, boolean isShared) throws Exception {
    TrialRecipe recipe = greedy(keys);
    tell(ask(recipe, 1).get(0).candidate(), "{\"acc\": 0.5}");
    try (PendingFolder journal = folder("one");
        PendingFolder cache = folder("cache")) {
      trials(recipe, journal, Optional.of(cache)).ask(1);
      journal.keep();
      cache.keep();
    }
    try (PendingFolder other = folder("two");
        PendingFolder cache = folder("cache")) {
      assertThat(trials(recipe, other, Optional.of(cache)).ask(1).get(0).what())
          .isEqualTo(isShared ? "b" : "a");
    }
  }

  /** Who was asked for under these words. */
  private String name(String what) throws IOException {
    try (PendingFolder journal = folder("one")) {
      journal.keep();
      return new Answers(journal)
          .asked().entrySet().stream()
              .filter(one -> one.getValue().equals(what))
              .map(Map.Entry::getKey)
              .findFirst()
              .orElseThrow();
    }
  }

  @Test
  void whatWasToldTwiceCountsAsItWasToldLast() throws Exception {
    Map<String, String> results =
        Map.of("a", "0.5", "b", "0.7", "c", "0.1", "a + b", "0.6", "a + c", "0.9", "b + c", "0.2");
    tellAll(greedy(""), results);
    assertThat(run("one", greedy("")).what()).isEqualTo("b");

    tell(name("c"), "0.8");

    assertThat(ask(greedy(""), 1)).extracting(TrialRun.Question::what).containsExactly("a + c");
  }

  @Test
  void onlyThoseThatAreAskedForAreMadeAndTheSameCandidateOnce() throws IOException {
    String text = SEARCH.replace("{range: [0, 1]}", "{choice: [0.5, 0.5, 0.25]}");
    TrialRecipe recipe = parse(text + "search: grid\n" + ELSEWHERE.formatted(""));

    List<TrialRun.Question> open = ask(recipe, 9);

    assertThat(open).hasSize(2);
    assertThat(kitchen.readings)
        .containsExactly(List.of(open.get(0).candidate(), open.get(1).candidate()));
    assertThat(open)
        .extracting(TrialRun.Question::model)
        .containsExactly(
            RecordingKitchen.place(open.get(0).candidate()),
            RecordingKitchen.place(open.get(1).candidate()));
    assertThat(kitchen.there).as("somebody reads them now").hasSize(2);
  }
}
