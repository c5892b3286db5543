package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.choose.Score;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.trial.Trial;
import dev.stockpot.merge.trial.TrialRun;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What is told of trials, and when nothing is. */
class TrialNoticesTest {
  private static final JsonObject IN_FRONT = JsonObject.EMPTY.with("front", JsonValue.of(1));
  private static final JsonObject BEHIND = JsonObject.EMPTY.with("what", "worse");

  private final Notices heard = new Notices();
  private final TrialNotices notices = new TrialNotices(heard);

  private static TrialRun.Chosen chosen(boolean isCutShort, JsonObject... trials) {
    Trial test =
        new Trial(
            "1f",
            Point.of(1),
            "a alone",
            new Score(OptionalDouble.of(0.5), OptionalDouble.of(0.0123)),
            Map.of("acc", 0.5),
            "",
            0,
            "");
    return new TrialRun.Chosen(
        "",
        "b",
        List.of(trials),
        List.of(test),
        List.of(),
        List.of("luck"),
        Optional.empty(),
        isCutShort);
  }

  @Test
  void pointsThatDoNotAllFindRoomReadTheModelsMoreOften() {
    notices.ifReadOften(/* points= */ 5, /* room= */ 4); // an end is a model as it is
    assertThat(heard.told).isEmpty();
    notices.ifReadOften(6, 4);
    assertThat(heard.told)
        .containsExactly(
            "6 points are made 4 at a time, and the models read as often; candidates=6 makes them"
                + " in one reading, and takes the room of as many models");
  }

  @Test
  void ofAFrontItIsToldWhichOneIsMerged() {
    notices.whatWasPicked(chosen(false, IN_FRONT, BEHIND));
    notices.whatWasPicked(chosen(false, BEHIND, BEHIND));
    assertThat(heard.told).as("the best of all is no choice").isEmpty();
    notices.whatWasPicked(chosen(false, IN_FRONT, BEHIND, IN_FRONT));
    assertThat(heard.told)
        .containsExactly(
            "2 of 3 candidates are on the Pareto front, no other one is better by every metric: of"
                + " these b is merged, by `pick`. The manifest has the others");
  }

  @Test
  void trialsThatRanOutOfTimeSayHowFarTheyCame() {
    notices.ifCutShort(chosen(false, BEHIND), 9);
    assertThat(heard.told).isEmpty();
    notices.ifCutShort(chosen(true, BEHIND, BEHIND), 9);
    assertThat(heard.told)
        .containsExactly(
            "`hours` were over after 2 of at most 9 candidates: the best of those was chosen");
  }

  @Test
  void warningsComeBeforeTests() {
    notices.whatTestsSay(chosen(false));
    assertThat(heard.told).containsExactly("luck", "test: a alone: acc 0.500000 ± 0.012");
  }
}
