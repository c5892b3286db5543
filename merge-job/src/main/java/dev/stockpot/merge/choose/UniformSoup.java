package dev.stockpot.merge.choose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The plain mean of all models, whatever it is worth (Ramé et al. 2022, DiWA with uniform weights,
 * arXiv 2205.09739): models are scored by themselves to tell what it brings, and to leave out what
 * cannot be scored.
 */
final class UniformSoup implements Chooser {
  private final int models;
  private final List<Score> singles = new ArrayList<>();
  private Optional<Score> mean = Optional.empty();
  private String verdict = "";

  /** Of so many models, at least 1. */
  UniformSoup(int models) {
    if (models < 1) {
      throw new IllegalArgumentException("a soup of %s models".formatted(models));
    }
    this.models = models;
  }

  @Override
  public List<Point> upcoming(int most) {
    if (singles.size() < models) {
      return IntStream.range(singles.size(), models)
          .limit(most)
          .mapToObj(model -> Point.only(model, models))
          .toList();
    }
    return mean.isEmpty() && usable() > 1 ? List.of(soup()) : List.of();
  }

  private long usable() {
    return singles.stream().filter(score -> !score.isFailed()).count();
  }

  private Point soup() {
    double[] counts = new double[models];
    for (int model = 0; model < models; model++) {
      counts[model] = singles.get(model).isFailed() ? 0 : 1;
    }
    return Point.of(counts);
  }

  @Override
  public void tell(Score score) {
    if (upcoming(1).isEmpty()) {
      throw new IllegalStateException("%s was told of nothing".formatted(score));
    }
    if (singles.size() < models) {
      singles.add(score);
      verdict = score.isFailed() ? "failed" : "";
      return;
    }
    mean = Optional.of(score);
    double best = singles.stream().mapToDouble(Score::orLowest).max().orElseThrow();
    boolean isBetter = score.orLowest() > best;
    verdict =
        score.isFailed()
            ? "failed"
            : isBetter ? "better than each alone" : "no better than the best";
  }

  @Override
  public Optional<Choice> best() {
    if (singles.size() == models && usable() == 1) { // the mean of one is that one
      Point only = soup();
      return Optional.of(new Choice(only, singles.get(only.ingredients().get(0))));
    }
    return mean.filter(score -> !score.isFailed()).map(score -> new Choice(soup(), score));
  }

  @Override
  public String verdict() {
    return verdict;
  }
}
