package dev.stockpot.merge.choose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Points that are known from the beginning, of which the best wins; of equals the first. */
final class ListedPoints implements Chooser {
  private final List<Point> points;
  private final List<Score> scores = new ArrayList<>();
  private Optional<Choice> best = Optional.empty();
  private String verdict = "";

  ListedPoints(List<Point> points) {
    this.points = List.copyOf(points);
  }

  @Override
  public List<Point> upcoming(int most) {
    int told = scores.size();
    return points.subList(told, Math.min(points.size(), told + most));
  }

  @Override
  public void tell(Score score) {
    if (scores.size() == points.size()) {
      throw new IllegalStateException("%s was told of nothing".formatted(score));
    }
    Point point = points.get(scores.size());
    scores.add(score);
    boolean isBest =
        !score.isFailed()
            && score.orLowest()
                > best.map(choice -> choice.score().orLowest()).orElse(Double.NEGATIVE_INFINITY);
    verdict = score.isFailed() ? "failed" : isBest ? "best so far" : "";
    if (isBest) {
      best = Optional.of(new Choice(point, score));
    }
  }

  @Override
  public Optional<Choice> best() {
    return best;
  }

  @Override
  public String verdict() {
    return verdict;
  }
}
