package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.choose.Barrier;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is read of the points of a path, and what is said of them. */
class ScoredPathTest {
  private static JsonObject at(double t) {
    return JsonObject.EMPTY.with("t", JsonValue.of(t)).with("what", "at " + t);
  }

  private static JsonObject scored(double t, double worth) {
    return at(t).with("worth", JsonValue.of(worth));
  }

  private static ScoredPath path(double... worths) {
    List<JsonObject> trials = new ArrayList<>();
    for (int i = 0; i < worths.length; i++) {
      trials.add(scored((double) i / (worths.length - 1), worths[i]));
    }
    return ScoredPath.of(trials, "out/report/report.html", false);
  }

  @Test
  void aPointSaysWhatItWasFoundToBe() {
    JsonObject trial =
        scored(0.5, -0.25)
            .with("stderr", JsonValue.of(0.125))
            .with(
                "measures",
                JsonObject.EMPTY
                    .with("loss", JsonValue.of(0.25))
                    .with("note", "no number")
                    .with("acc", JsonValue.of(3)));
    ScoredPath.Point point = ScoredPath.of(List.of(trial), "page", true).points().get(0);

    assertThat(point.t()).isEqualTo(0.5);
    assertThat(point.what()).isEqualTo("at 0.5");
    assertThat(point.worth()).hasValue(-0.25);
    assertThat(point.error()).hasValue(0.125);
    assertThat(point.measures()).containsExactly(Map.entry("loss", 0.25), Map.entry("acc", 3.0));
    assertThat(point.failure()).isEmpty();
  }

  @Test
  void aPointThatFailedHasNoWorthAndCountsForNothing() {
    JsonObject failed = at(0.5).with("failure", "no answer");
    ScoredPath path =
        ScoredPath.of(
            List.of(scored(0, 1), failed, scored(1, 3)), "page", /* isAlreadyThere= */ false);

    assertThat(path.points().get(1).failure()).isEqualTo("no answer");
    assertThat(path.points().get(1).worth()).isEmpty();
    assertThat(path.points().get(1).error()).isEmpty();
    assertThat(path.barrier()).hasValue(new Barrier(0, 0, 0));
  }

  @Test
  void aBarrierIsHowFarThePathIsBelowTheLineAtItsWorst() {
    // the line from 1 to 3 is at 1.5, 2 and 2.5: below it by 0.25 and 1.5, above by 1
    ScoredPath path = path(1, 1.25, 0.5, 3.5, 3);
    assertThat(path.barrier()).hasValue(new Barrier(1.5, 0.5, 1));
    assertThat(path.sentence())
        .isEqualTo(
            "Barrier 1.500, at t = 0.5000: so much worse the path is there than the straight line"
                + " between its ends. At its best it is 1.000 better than that line.");
    assertThat(path(1, 0, 1).sentence()).endsWith("straight line between its ends.");
  }

  @Test
  void aPathThatIsNowhereWorseHasNone() {
    assertThat(path(1, 1, 1).sentence())
        .isEqualTo("Barrier 0: nowhere is the path worse than the straight line between its ends.");
    assertThat(path(1, 2.5, 2).sentence())
        .isEqualTo(
            "Barrier 0: nowhere is the path worse than the straight line between its ends. At its"
                + " best it is 1.000 better than that line.");
  }

  @Test
  void withoutAnEndNobodyCanTell() {
    ScoredPath path = ScoredPath.of(List.of(at(0), scored(0.5, 1), scored(1, 1)), "page", false);
    assertThat(path.barrier()).isEmpty();
    assertThat(path.sentence())
        .isEqualTo("No barrier can be told: an end of the path could not be scored.");
  }
}
