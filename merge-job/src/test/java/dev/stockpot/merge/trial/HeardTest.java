package dev.stockpot.merge.trial;

import static dev.stockpot.merge.trial.MeasuredEnsembles.trial;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.choose.Score;
import dev.stockpot.merge.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What can be said of scores together: what a choice is compared with, and whether it is luck. */
class HeardTest extends TrialRecipeCases {
  private static final String GREEDY = "soup: greedy\n" + MODELS + EVALUATE;
  private static final String SWAD = "soup: swad\n" + MODELS + EVALUATE.replace("max", "min");
  private static final String RANDOM =
      "search: random\nmerge_method: linear\nparameters: {weight: {range: [0, 1]}}\n"
          + MODELS
          + EVALUATE;

  private static Heard heard(String recipe, Trial... trials) {
    Heard heard = new Heard(parse(recipe).plan());
    for (Trial trial : trials) {
      heard.add(trial.point(), trial, "", Optional.empty());
    }
    return heard;
  }

  private static Trial scored(double worth, OptionalDouble error, Point point) {
    Score score = new Score(OptionalDouble.of(worth), error);
    return Trial.scored("c", point, "it", new Judges.Verdict(score, Map.of("acc", worth)), 0);
  }

  private static Chooser.Choice choice(Trial trial) {
    return new Chooser.Choice(trial.point(), trial.score());
  }

  @Test
  void aSoupIsComparedWithTheBestModelAloneTheEarlierOfEquals() {
    assertThat(
            heard(GREEDY, trial(.5, 1, 0, 0), trial(.7, 0, 1, 0), trial(.8, 1, 1, 0)).reference())
        .hasValue(Point.of(0, 1, 0));
    assertThat(heard(GREEDY, trial(.7, 1, 0, 0), trial(.7, 0, 1, 0)).reference())
        .hasValue(Point.of(1, 0, 0));
    assertThat(heard(GREEDY, trial(Double.NaN, 1, 0, 0), trial(.1, 0, 1, 0)).reference())
        .hasValue(Point.of(0, 1, 0));
  }

  @Test
  void aSearchIsComparedWithItsFirstCandidateThatWasScored() {
    assertThat(heard(RANDOM, trial(Double.NaN, 1), trial(.5, .25), trial(.9, .75)).reference())
        .hasValue(Point.of(.25));
    assertThat(heard(RANDOM, trial(Double.NaN, 1)).reference()).isEmpty();
    assertThat(heard(RANDOM).reference()).isEmpty();
  }

  @Test
  void aScoreOnFewExamplesIsNothingToCompareWith() {
    Point few = new Point(List.of(.5), 10);

    assertThat(heard(RANDOM, scored(.9, OptionalDouble.empty(), few)).reference()).isEmpty();
  }

  @Test
  void singlesAreModelsByThemselvesOnce() {
    Heard heard =
        heard(
            GREEDY, trial(.5, 1, 0, 0), trial(.7, 0, 2, 0), trial(.5, 1, 0, 0), trial(1, 1, 1, 0));

    assertThat(heard.singles()).containsExactly(Point.of(1, 0, 0), Point.of(0, 2, 0));
    assertThat(heard.of(Point.of(0, 2, 0)).orElseThrow().what()).isEqualTo("m1");
    assertThat(heard.of(Point.of(0, 1, 0))).isEmpty();
    assertThat(heard.size()).isEqualTo(4);
  }

  /** Errors of .01 each are .014 together; of three candidates the best is .015 better by luck. */
  @Test
  void aGainWithinItsErrorIsToldWithWhatLuckAloneGives() {
    Trial soup = trial(.71, 1, 1, 0);
    Heard heard = heard(GREEDY, trial(.5, 1, 0, 0), trial(.7, 0, 1, 0), soup);

    assertThat(heard.noise(choice(soup)))
        .hasValue(
            "the gain over m1, +0.01000 ± 0.014, is within its standard error, and the best of 3"
                + " candidates is better by luck alone: by about 0.015 if all were alike. Say"
                + " `test` with items that nothing was chosen by");
  }

  @Test
  void aClearGainAndTheReferenceItselfAreNoNoise() {
    Trial soup = trial(.8, 1, 1, 0);
    Trial single = trial(.7, 0, 1, 0);

    assertThat(heard(GREEDY, single, soup).noise(choice(soup))).isEmpty();
    assertThat(heard(GREEDY, single, trial(.1, 1, 1, 0)).noise(choice(single))).isEmpty();
  }

  @Test
  void withoutErrorsNothingIsSaidOfNoise() {
    Trial soup = scored(.7, OptionalDouble.empty(), Point.of(1, 1, 0));

    assertThat(heard(GREEDY, trial(.7, 0, 1, 0), soup).noise(choice(soup))).isEmpty();
  }

  @Test
  void nothingChosenHasTheReasonOfTheLastFailure() {
    Trial failed = Trial.failed("c", Point.of(0, 1, 0), "b", "no GPU", 1);

    assertThat(heard(GREEDY, trial(Double.NaN, 1, 0, 0), failed).whyNothing())
        .isEqualTo("None of 2 candidates could be scored. The last one: no GPU");
    assertThat(heard(GREEDY).whyNothing())
        .isEqualTo("None of 0 candidates could be scored. The last one: nothing was tried");
  }

  @Test
  void aRunWithoutAValleySaysSoUnlessNothingWasScored() {
    assertThat(heard(SWAD, trial(-3, 1, 0, 0), trial(-2, 0, 1, 0)).whyNothing())
        .startsWith("Nothing was chosen of 2 candidates: no checkpoint has the least loss of 3");
    assertThat(heard(SWAD, trial(Double.NaN, 1, 0, 0)).whyNothing())
        .isEqualTo("None of 1 candidates could be scored. The last one: it printed nothing");
  }

  @Test
  void rowsHaveWhatWasHeardAndNoTimes() {
    Heard heard = new Heard(parse(GREEDY).plan());
    Trial trial = trial(.5, 1, 0, 0);
    heard.add(trial.point(), trial, "accepted", Optional.of(new Gain(.25, OptionalDouble.of(.1))));

    assertThat(heard.rows(List.of()))
        .containsExactly(
            trial
                .told()
                .with("verdict", "accepted")
                .with("gain", JsonValue.of(.25))
                .with("gain_stderr", JsonValue.of(.1)));
  }

  @Test
  void whatIsOnTheFrontIsMarkedWhereverItWasHeard() {
    Heard heard = heard(RANDOM, trial(.5, 0), trial(.5, .5), trial(.5, 0), trial(.5, 1));

    assertThat(heard.rows(List.of(Point.of(0), Point.of(1))))
        .extracting(row -> row.get("front").isPresent())
        .containsExactly(true, false, true, true);
  }

  @Test
  void placesOnAPathAreCountedAsTheyAreHeard() {
    String path = "path: {points: 5, curve: polygon}\n" + MODELS + EVALUATE;

    assertThat(heard(path, trial(.5, 1, 0, 0), trial(.5, .5, .5, 0)).rows(List.of()))
        .extracting(row -> row.get("t").orElseThrow().number().orElseThrow())
        .containsExactly(0.0, 0.25);
  }
}
