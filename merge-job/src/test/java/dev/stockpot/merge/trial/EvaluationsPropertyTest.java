package dev.stockpot.merge.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.choose.Score;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As many evaluations as a plan announces are enough, whatever scores come back. */
class EvaluationsPropertyTest extends TrialRecipeCases {
  private static final List<String> SOUPS =
      List.of(
          "greedy",
          "restricted",
          "pruned",
          "uniform",
          "interpolate",
          "{kind: greedy, passes: 3}",
          "{kind: pruned, passes: 3, accept: greater}",
          "{kind: interpolate, passes: 2, shares: [0.25, 0.5]}",
          "{kind: greedy, order: random, most: 2}",
          "{kind: windows, sizes: [1, 2, 9], stride: 2}");

  private static Plan plan(String soup) {
    return parse("soup: " + soup + "\n" + MODELS + EVALUATE).plan();
  }

  /** How many are tried until nothing is left, if points are worth what draws say. */
  private static int tried(Plan plan, int models, Random random, int levels) {
    Chooser chooser = plan.chooser(models);
    Map<Point, Score> scores = new HashMap<>();
    int tried = 0;
    for (List<Point> next = chooser.upcoming(1); !next.isEmpty(); next = chooser.upcoming(1)) {
      chooser.tell(
          scores.computeIfAbsent(
              next.get(0),
              any -> random.nextInt(8) == 0 ? Score.FAILED : Score.of(random.nextInt(levels))));
      tried++;
    }
    return tried;
  }

  @Property(tries = 500)
  void noSoupTriesMoreThanItAnnounced(
      @ForAll @IntRange(max = 9) int soup,
      @ForAll @IntRange(min = 1, max = 6) int models,
      @ForAll @IntRange(min = 1, max = 20) int levels,
      @ForAll Random random) {
    Plan plan = plan(SOUPS.get(soup));

    assertThat(tried(plan, models, random, levels))
        .as("%s of %s models", SOUPS.get(soup), models)
        .isLessThanOrEqualTo((int) plan.evaluations(models));
  }

  /** By hand: models alone, then what is put together until each was tried and nothing taken. */
  @ParameterizedTest
  @CsvSource({
    "greedy, 4, 7",
    "greedy, 1, 1",
    "uniform, 4, 5",
    "pruned, 4, 9",
    "'{kind: interpolate, shares: [0.1, 0.5]}', 4, 10",
    "'{kind: greedy, passes: 2}', 4, 11",
    "'{kind: line, points: 7}', 2, 7",
    "'{kind: windows, sizes: [2, 3]}', 4, 5",
    "swad, 4, 4",
    "'{kind: learned, evaluations: 12}', 4, 12"
  })
  void whatIsAnnouncedIsWhatTheWorstOfScoresTake(String soup, int models, int evaluations) {
    assertThat(plan(soup).evaluations(models)).isEqualTo(evaluations);
  }
}
