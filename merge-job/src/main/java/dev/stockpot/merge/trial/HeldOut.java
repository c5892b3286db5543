package dev.stockpot.merge.trial;

import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.evaluate.Candidate;
import dev.stockpot.merge.evaluate.EvaluationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Scores by which nothing was chosen: what was chosen, and what it was chosen over. */
final class HeldOut {
  private final TrialRecipe recipe;
  private final Judges judges;
  private final List<String> models;
  private final Candidates candidates;
  private final Kitchen kitchen;
  private final Scores scores;

  HeldOut(
      TrialRecipe recipe,
      Judges judges,
      List<String> models,
      Candidates candidates,
      Kitchen kitchen,
      Scores scores) {
    this.recipe = recipe;
    this.judges = judges;
    this.models = models;
    this.candidates = candidates;
    this.kitchen = kitchen;
    this.scores = scores;
  }

  /** Asks for those that are not known, one after the other; what fails is told as such. */
  List<Trial> of(List<Point> points) throws IOException, InterruptedException {
    List<Trial> trials = new ArrayList<>();
    for (Point point : points) {
      String key = candidates.key(point, judges);
      Optional<Trial> known = scores.of(key);
      Trial trial = known.isPresent() ? known.get() : asked(point);
      if (known.isEmpty()) {
        scores.keep(key, trial);
      }
      trials.add(trial);
    }
    return trials;
  }

  private Trial asked(Point point) throws IOException, InterruptedException {
    boolean isMade = judges.needModel() && !recipe.plan().isOriginal(point);
    String place =
        isMade
            ? kitchen.make(List.of(candidates.order(point))).get(0)
            : candidates.original(point, kitchen);
    try {
      Candidate candidate = candidates.at(place, point);
      String what = recipe.plan().described(point, models);
      try {
        return Trial.scored(
            candidate.id(), point, what, judges.on(kitchen).ask(candidate), /* seconds= */ 0);
      } catch (EvaluationException e) {
        return Trial.failed(candidate.id(), point, what, e.getMessage(), /* seconds= */ 0);
      }
    } finally {
      if (isMade) {
        kitchen.remove(candidates.order(point));
      }
    }
  }
}
