package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.evaluate.Candidate;
import dev.stockpot.merge.evaluate.EvaluationException;
import dev.stockpot.merge.storage.PendingFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is asked once all is chosen: by whom nothing was chosen, and what stands beside a soup. */
class HeldOutTest extends TrialRunCases {
  private static final Map<List<String>, Double> WORTHS =
      Map.of(A, 0.5, B, 0.7, C, 0.1, AB, 0.75, ABC, 0.6);
  private static final double EVER = Double.POSITIVE_INFINITY;

  private static TrialRecipe tested(String text, Tasting chooses, Tasting tests) {
    return judged(text + EVALUATE, chooses.judges(), Optional.of(tests.judges()), EVER);
  }

  private static TrialRecipe tested(Tasting tests) {
    return tested("soup: greedy\n" + MODELS, Tasting.of(WORTHS), tests);
  }

  @Test
  void theChoiceAndWhatItWasChosenOverAreTested() throws Exception {
    Tasting tests = new Tasting("other items", candidate -> candidate.ingredients().size());

    TrialRun.Chosen chosen = run("one", tested(tests));

    assertThat(tests.askedOf()).as("the best model alone comes first").containsExactly(B, AB);
    assertThat(tests.asked.get(0).model()).isEqualTo("/models/b");
    assertThat(tests.asked.get(1).model())
        .isEqualTo(RecordingKitchen.place(tests.asked.get(1).id()));
    assertThat(chosen.tests()).extracting(Trial::what).containsExactly("b", "a + b");
    assertThat(chosen.tests())
        .extracting(trial -> trial.score().worth().orElseThrow())
        .containsExactly(1.0, 2.0);
    assertThat(kitchen.heard).as("nothing is chosen by it").hasSize(5);
    assertThat(kitchen.readings).as("a + b, a + b + c, and the choice again").hasSize(3);
    assertThat(kitchen.there).isEmpty();
  }

  @Test
  void aChoiceThatIsTheBestModelIsTestedOnce() throws Exception {
    Tasting tests = new Tasting("other items", candidate -> 1);
    Tasting chooses = new Tasting(candidate -> 1.0 / candidate.ingredients().size());

    assertThat(run("one", tested("soup: greedy\n" + MODELS, chooses, tests)).tests()).hasSize(1);
    assertThat(tests.askedOf()).containsExactly(A);
  }

  @Test
  void whoGoesOnTestsNothingTwice() throws Exception {
    Tasting tests = new Tasting("other items", candidate -> candidate.ingredients().size());
    TrialRun.Chosen first = run("one", tested(tests));
    TrialRun.Chosen again = run("one", tested(tests));

    assertThat(tests.asked).hasSize(2);
    assertThat(again.tests()).isEqualTo(first.tests());
  }

  @Test
  void anotherTesterIsAskedAnew() throws Exception {
    run("one", tested(new Tasting("some items", candidate -> 1)));
    Tasting others = new Tasting("other items", candidate -> 1);
    run("one", tested(others));

    assertThat(others.asked).hasSize(2);
  }

  @Test
  void theSameEvaluatorIsAskedAgainIfItTests() throws Exception {
    Tasting tests = new Tasting(candidate -> 2);

    assertThat(run("one", tested(tests)).tests())
        .extracting(trial -> trial.score().worth().orElseThrow())
        .containsOnly(2.0);
  }

  @Test
  void aTestThatFailsIsToldAndTheChoiceStands() throws Exception {
    Tasting tests =
        new Tasting(
            "other items",
            candidate -> {
              throw new EvaluationException("no more items");
            });

    TrialRun.Chosen chosen = run("one", tested(tests));

    assertThat(chosen.what()).isEqualTo("a + b");
    assertThat(chosen.tests()).extracting(Trial::failure).containsOnly("no more items");
    assertThat(kitchen.there).isEmpty();
  }

  @Test
  void aTestThatBreaksLeavesNoCandidateBehind() {
    Tasting tests =
        new Tasting(
            "other items",
            candidate -> {
              if (candidate.ingredients().equals(AB)) {
                throw new IllegalStateException("broken");
              }
              return 1;
            });

    assertThatThrownBy(() -> run("one", tested(tests)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("broken");
    assertThat(kitchen.there).isEmpty();
  }

  @Test
  void whatTestsByNamesAloneNeedsNoCandidate() throws Exception {
    TrialRecipe recipe =
        judged(
            "soup: greedy\n" + MODELS + EVALUATE,
            Tasting.of(WORTHS).judges(),
            Optional.of(table()),
            EVER);

    TrialRun.Chosen chosen = run("one", recipe);

    assertThat(kitchen.readings).hasSize(2);
    assertThat(chosen.tests().get(0).measures()).containsExactly(Map.entry("score", 0.25));
    assertThat(chosen.tests().get(1).failure()).isEqualTo("table has no scores of a + b");
  }

  private static Judges table() {
    return parse(
            "soup: greedy\n" + MODELS + "evaluate: {scores: table, direction: max}\n",
            Map.of("table", "{\"model_name\": \"b\", \"acc\": 0.25}"))
        .judges();
  }

  /** Beside an ensemble stands the mean of all, which a greedy soup may not have come by. */
  @Test
  void theMeanOfAllIsAskedForIfTheSoupDidNotComeByIt() throws Exception {
    Map<List<String>, Double> worths =
        Map.of(A, 0.5, B, 0.7, C, 0.1, AB, 0.6, List.of("b", "c"), 0.2, ABC, 0.4);
    Tasting tasting = Tasting.of(worths);

    TrialRun.Chosen chosen = run("one", besideEnsemble(tasting));

    assertThat(tasting.askedOf()).containsExactly(A, B, C, AB, List.of("b", "c"), ABC);
    assertThat(chosen.alternatives())
        .extracting(row -> row.text("what"))
        .containsExactly("best single model", "uniform soup", "greedy soup", "ensemble");
    assertThat(chosen.alternatives().get(1).get("score").orElseThrow().number()).hasValue(0.4);
    assertThat(kitchen.heard).as("nothing is chosen by it").hasSize(5);
    assertThat(kitchen.there).isEmpty();
  }

  @Test
  void theMeanOfAllIsNotAskedForTwice() throws Exception {
    Tasting tasting = Tasting.of(WORTHS);

    run("one", besideEnsemble(tasting));

    assertThat(tasting.askedOf()).containsExactly(A, B, C, AB, ABC);
  }

  private static TrialRecipe besideEnsemble(Tasting tasting) {
    String text = "soup: {kind: greedy, ensemble: both}\n" + MODELS + EVALUATE;
    Map<String, Double> measures = new LinkedHashMap<>(); // singles first
    ABC.forEach(model -> measures.put(model, 0.5));
    measures.put("ensemble", 0.8);
    TrialRecipe read =
        parse(text, Map.of("both/metrics.json", MeasuredEnsembles.metrics(ABC, measures)));
    return new TrialRecipe(
        text,
        read.plan(),
        tasting.judges(),
        read.example(),
        EVER,
        List.of(),
        Optional.empty(),
        read.ensemble());
  }

  @Test
  void aCandidateIsTheSameForAllWhoJudgeIt() throws Exception {
    Tasting tests = new Tasting("other items", candidate -> 1);
    Tasting chooses = Tasting.of(WORTHS);
    run("one", tested("soup: greedy\n" + MODELS, chooses, tests));

    assertThat(tests.asked.get(1)).isEqualTo(chooses.asked.get(3));
    assertThat(tests.asked).extracting(Candidate::seed).containsOnly(7L);
    try (PendingFolder journal = folder("one")) {
      assertThat(journal.journal().keySet())
          .filteredOn(name -> name.startsWith("trial-"))
          .as("five, and two by others")
          .hasSize(7);
    }
  }
}
