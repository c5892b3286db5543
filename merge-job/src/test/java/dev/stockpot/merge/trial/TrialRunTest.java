package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.evaluate.Candidate;
import dev.stockpot.merge.evaluate.EvaluationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Trials from the first candidate to the choice: who is made, asked, heard and taken away. */
class TrialRunTest extends TrialRunCases {
  private static Tasting better() {
    return Tasting.of(Map.of(A, 0.5, B, 0.7, C, 0.1, AB, 0.75, ABC, 0.6));
  }

  @Test
  void aGreedySoupAsksForModelsWhereTheyLieAndMakesTheRest() throws Exception {
    Tasting tasting = better();

    TrialRun.Chosen chosen = run("one", greedy(tasting.judges()));

    assertThat(tasting.askedOf()).containsExactly(A, B, C, AB, ABC);
    assertThat(tasting.asked)
        .extracting(Candidate::model)
        .startsWith("/models/a", "/models/b", "/models/c")
        .last()
        .isEqualTo(RecordingKitchen.place(tasting.asked.get(4).id()));
    assertThat(tasting.asked).extracting(Candidate::seed).containsOnly(7L);
    assertThat(kitchen.readings)
        .containsExactly(List.of(tasting.asked.get(3).id()), List.of(tasting.asked.get(4).id()));
    assertThat(kitchen.there).as("each is gone once it is scored").isEmpty();
    assertThat(chosen.what()).isEqualTo("a + b");
    assertThat(chosen.recipe()).isEqualTo(tasting.asked.get(3).recipe()).contains("model: b");
    assertThat(chosen.isCutShort()).isFalse();
    assertThat(chosen.state()).isEmpty();
    assertThat(chosen.warnings()).isEmpty();
  }

  @Test
  void everyScoreIsHeardInOrderWithWhatItLedTo() throws Exception {
    TrialRun.Chosen chosen = run("one", greedy(better().judges()));

    assertThat(kitchen.heard).containsExactly("1 ", "2 ", "3 ", "4 accepted", "5 rejected");
    assertThat(kitchen.most).isEqualTo(5);
    assertThat(chosen.trials()).hasSize(5);
    assertThat(chosen.trials().get(3).text("what")).isEqualTo("a + b");
    assertThat(chosen.trials().get(3).text("verdict")).isEqualTo("accepted");
    assertThat(chosen.trials().get(3).get("gain").orElseThrow().number().orElseThrow())
        .isCloseTo(0.05, within(1e-12));
    assertThat(chosen.trials().get(0).get("gain")).as("over nothing").isEmpty();
    assertThat(chosen.trials().get(0).get("seconds")).as("a manifest has no times").isEmpty();
  }

  @Test
  void whoGoesOnAsksNobodyTwice() throws Exception {
    run("one", greedy(better().judges()));
    Tasting again = better();

    TrialRun.Chosen chosen = run("one", greedy(again.judges()));

    assertThat(again.asked).isEmpty();
    assertThat(kitchen.heard.subList(5, 10))
        .containsExactly(
            "1  (known)", "2  (known)", "3  (known)", "4 accepted (known)", "5 rejected (known)");
    assertThat(kitchen.readings).as("nothing is made again").hasSize(2);
    assertThat(chosen.what()).isEqualTo("a + b");
  }

  @Test
  void otherInputsAnotherEvaluatorAndAnotherPlaceKnowNothing() throws Exception {
    run("one", greedy(better().judges()));
    kitchen.inputs = "b was fetched again";
    Tasting changed = better();
    run("one", greedy(changed.judges()));
    Tasting renamed = new Tasting("another", candidate -> 1);
    run("one", greedy(renamed.judges()));
    Tasting elsewhere = better();
    run("two", greedy(elsewhere.judges()));

    assertThat(changed.asked).hasSize(5);
    assertThat(renamed.asked).hasSize(5);
    assertThat(elsewhere.asked).hasSize(5);
  }

  @Test
  void whatFailedIsToldAndTriedAgainByTheNext() throws Exception {
    Tasting failing =
        new Tasting(
            candidate -> {
              if (candidate.ingredients().equals(B)) {
                throw new EvaluationException("out of memory");
              }
              return candidate.ingredients().size();
            });
    TrialRun.Chosen chosen = run("one", greedy(failing.judges()));

    assertThat(kitchen.heard).contains("2 failed");
    assertThat(chosen.trials().get(1).text("failure")).isEqualTo("out of memory");
    assertThat(chosen.what()).isEqualTo("a + c");

    Tasting mended = new Tasting(candidate -> candidate.ingredients().size());
    assertThat(run("one", greedy(mended.judges())).what()).isEqualTo("a + b + c");
    assertThat(mended.askedOf()).containsExactly(B, AB, ABC);
  }

  @Test
  void whereNothingCanBeScoredTheLastReasonIsTold() {
    Tasting tasting =
        new Tasting(
            candidate -> {
              throw new EvaluationException("no GPU for " + candidate.ingredients());
            });

    assertThatThrownBy(() -> run("one", greedy(tasting.judges())))
        .isInstanceOf(UserException.class)
        .hasMessage("None of 3 candidates could be scored. The last one: no GPU for [c]");
  }

  @Test
  void onceTimeIsUpTheBestSoFarIsTakenAndOneAtLeastIsTried() throws Exception {
    Tasting tasting = better();
    String text = "soup: greedy\n" + MODELS + EVALUATE;

    TrialRun.Chosen chosen = run("one", judged(text, tasting.judges(), Optional.empty(), 0));

    assertThat(tasting.askedOf()).containsExactly(A);
    assertThat(chosen.what()).isEqualTo("a");
    assertThat(chosen.isCutShort()).isTrue();
  }

  @Test
  void gainsInStandardErrorsNeedThem() {
    assertThatThrownBy(
            () -> run("one", judged("soup: {accept: {z: 1}}\n" + MODELS, better().judges())))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(
            "`accept: {z: …}` compares gains with standard errors, and the evaluator told none of"
                + " a.");
    assertThat(kitchen.heard).isEmpty();
  }

  @Test
  void aWorthThatIsNoLossIsToldByTheModelThatHasIt() {
    assertThatThrownBy(() -> run("one", judged("soup: swad\n" + MODELS, better().judges())))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("a: SWAD compares losses by their ratio");
  }

  @Test
  void modelsThatDoNotFitAreRefusedBeforeAnybodyIsAsked() {
    Tasting tasting = better();

    assertThatThrownBy(() -> run("one", judged("soup: line\n" + MODELS, tasting.judges())))
        .isInstanceOf(UserException.class)
        .hasMessage("These trials cannot begin: a line is between two models, and there are 3");
    assertThat(tasting.asked).isEmpty();
  }

  /** A fault of an evaluator is no score: it ends the trials, and nothing made stays behind. */
  @Test
  void anEvaluatorThatBreaksEndsTheTrials() {
    Tasting breaking =
        new Tasting(
            candidate -> {
              if (candidate.ingredients().size() > 1) {
                throw new IllegalArgumentException("broken");
              }
              return 1;
            });

    assertThatThrownBy(() -> run("one", greedy(breaking.judges())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("an evaluator failed")
        .hasRootCauseMessage("broken");
    assertThat(kitchen.readings).hasSize(1);
    assertThat(kitchen.there).isEmpty();
  }

  @Test
  void twoThatBreakAtOnceLeaveNothingBehindEither() {
    CountDownLatch both = new CountDownLatch(2);
    Tasting breaking =
        new Tasting(
            candidate -> {
              if (candidate.ingredients().size() > 1) {
                both.countDown();
                both.await();
                throw new IllegalArgumentException("broken");
              }
              return 1;
            });

    assertThatThrownBy(() -> run("one", greedy(breaking.judges(2))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("an evaluator failed");
    assertThat(kitchen.readings).hasSize(2);
    assertThat(kitchen.there).isEmpty();
  }

  /** While a soup is evaluated, the next one is, too, as if nothing were taken. */
  @Test
  void whatWasBegunForNothingIsGivenUpAndTakenAway() throws Exception {
    CountDownLatch ahead = new CountDownLatch(1);
    CountDownLatch givenUp = new CountDownLatch(1);
    Tasting tasting =
        new Tasting(
            candidate -> {
              List<String> soup = candidate.ingredients();
              if (soup.equals(List.of("a", "c"))) {
                ahead.countDown();
                awaitEnd(givenUp);
              } else if (soup.equals(AB)) {
                ahead.await();
              } else if (soup.equals(ABC) && !givenUp.await(30, TimeUnit.SECONDS)) {
                throw new EvaluationException("the other one goes on");
              }
              return soup.size() + (soup.equals(A) ? 0.5 : 0);
            });

    TrialRun.Chosen chosen = run("one", greedy(tasting.judges(2)));

    assertThat(chosen.what()).isEqualTo("a + b + c");
    assertThat(chosen.trials())
        .extracting(trial -> trial.text("what"))
        .containsExactly("a", "b", "c", "a + b", "a + b + c");
    assertThat(tasting.askedOf()).contains(List.of("a", "c"));
    assertThat(kitchen.there).isEmpty();
  }

  private static void awaitEnd(CountDownLatch ended) throws InterruptedException {
    try {
      new CountDownLatch(1).await();
    } finally {
      ended.countDown();
    }
  }
}
