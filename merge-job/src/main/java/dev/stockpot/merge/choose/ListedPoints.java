package dev.stockpot.merge.choose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Points that are known from the beginning, of which the best wins; of equals the first. */
final class ListedPoints implements Chooser {
  private final List<Point> points;
  private final List<Score> scores = new ArrayList<>();
  private final Leader leader = new Leader();

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
    leader.hear(points.get(scores.size()), score);
    scores.add(score);
  }

  @Override
  public Optional<Choice> best() {
    return leader.best();
  }

  @Override
  public String verdict() {
    return leader.verdict();
  }
}
