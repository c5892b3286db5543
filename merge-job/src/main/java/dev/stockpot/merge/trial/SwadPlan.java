package dev.stockpot.merge.trial;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Choosers;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.choose.Score;
import dev.stockpot.merge.recipe.MapNode;
import java.util.List;
import java.util.Optional;

/**
 * The mean of a run's checkpoints between the first rise of their losses and the last that is
 * tolerated (Cha et al. 2021, SWAD, arXiv 2102.08604).
 *
 * @param rest the recipe without its models, which are checkpoints, oldest first
 * @param converge how many losses the first must be the least of
 * @param tolerance how many in a row must be too high for the end
 * @param ratio how much higher than the mean at the beginning is too high
 */
record SwadPlan(MapNode rest, int converge, int tolerance, double ratio) implements WeightedPlan {
  SwadPlan {
    requireNonNull(rest, "rest is null");
  }

  static SwadPlan read(Keys keys, MapNode rest) {
    return new SwadPlan(
        rest,
        keys.whole("converge", 1, 100_000, 3),
        keys.whole("tolerance", 1, 100_000, 6),
        keys.number("ratio", 1, 1e6, 1.3));
  }

  @Override
  public Chooser chooser(int models) {
    return Choosers.swad(models, converge, tolerance, ratio);
  }

  @Override
  public Optional<String> problemWith(Ingredients all) {
    int models = all.size();
    return models < converge
        ? Optional.of(
            "SWAD looks at %s losses to find its beginning, and there are %s checkpoints; lower `converge`"
                .formatted(converge, models))
        : Optional.empty();
  }

  /** Losses are compared as ratios, so they must be losses. */
  @Override
  public Optional<String> problemWith(Score score) {
    return score.worth().isPresent() && score.worth().getAsDouble() > 0
        ? Optional.of(
            "SWAD compares losses by their ratio, and this one is below zero or grows with the quality: a worth of %s. Score a loss, with `direction: min`"
                .formatted(score.worth().getAsDouble()))
        : Optional.empty();
  }

  @Override
  public Optional<String> whyNothing() {
    return Optional.of(
        "no checkpoint has the least loss of %s in a row: the losses still fall at the end. Train on, lower `converge`, or take `checkpoint_average`"
            .formatted(converge));
  }

  @Override
  public long evaluations(int models) {
    return models;
  }

  @Override
  public long generation(int models) {
    return 1;
  }

  @Override
  public String described(Point point, List<String> models) {
    List<Integer> all = point.ingredients();
    return all.size() < 2
        ? WeightedModels.described(point, models)
        : "the mean of %s checkpoints from %s to %s"
            .formatted(all.size(), models.get(all.get(0)), models.get(all.get(all.size() - 1)));
  }
}
