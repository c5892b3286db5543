package dev.stockpot.merge.choose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The mean of the checkpoints in a {@link Valley} of the losses of a run, each scored by itself.
 */
final class Swad implements Chooser {
  private final int models;
  private final Valley.Rules rules;
  private final List<Score> scores = new ArrayList<>();

  Swad(int models, Valley.Rules rules) {
    this.models = models;
    this.rules = rules;
  }

  @Override
  public List<Point> upcoming(int most) {
    return IntStream.range(scores.size(), models)
        .limit(most)
        .mapToObj(model -> Point.only(model, models))
        .toList();
  }

  @Override
  public void tell(Score score) {
    if (scores.size() == models) {
      throw new IllegalStateException("%s was told of nothing".formatted(score));
    }
    scores.add(score);
  }

  /**
   * The mean of the valley; worth what its checkpoints are on average. Nothing while the run has no
   * valley.
   */
  @Override
  public Optional<Choice> best() {
    double[] losses = losses();
    return Valley.of(losses, rules)
        .map(
            valley -> {
              List<Integer> scored = valley.scored(losses);
              double[] counts = new double[models];
              scored.forEach(model -> counts[model] = 1);
              double mean =
                  scored.stream().mapToDouble(model -> losses[model]).average().orElseThrow();
              Score score = new Score(OptionalDouble.of(-mean), OptionalDouble.empty());
              return new Choice(Point.of(counts), score);
            });
  }

  private double[] losses() {
    return scores.stream().mapToDouble(score -> -score.orLowest()).toArray();
  }

  @Override
  public String verdict() {
    return scores.get(scores.size() - 1).isFailed() ? "failed" : "";
  }
}
