package dev.stockpot.merge.choose;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Successive halving (Jamieson and Talwalkar 2016): all candidates are evaluated on few examples,
 * the best of them on more, until few are left on all. Scores of different rungs are never
 * compared; of equal ones the earlier candidate goes on.
 */
final class Halving implements Chooser {
  private final HalvingRules rules;
  private int rung;
  private List<Point> candidates;
  private final List<Score> told = new ArrayList<>();
  private final Leader leader = new Leader();

  /**
   * A race.
   *
   * @param points as many as the first rung has
   */
  Halving(List<Point> points, HalvingRules rules) {
    this.rules = rules;
    this.candidates = on(points, rules.rungs().get(0));
    if (points.size() != rules.rungs().get(0).candidates()) {
      throw new IllegalArgumentException(
          "%s points for %s".formatted(points.size(), rules.rungs().get(0)));
    }
  }

  private static List<Point> on(List<Point> points, HalvingRules.Rung rung) {
    return points.stream().map(point -> point.on(rung.examples())).toList();
  }

  @Override
  public List<Point> upcoming(int most) {
    return candidates.subList(told.size(), Math.min(candidates.size(), told.size() + most));
  }

  @Override
  public void tell(Score score) {
    if (told.size() == candidates.size()) {
      throw new IllegalStateException("%s was told of nothing".formatted(score));
    }
    Point point = candidates.get(told.size());
    told.add(score);
    leader.hear(point, score);
    if (told.size() == candidates.size()) {
      promote();
    }
  }

  private void promote() {
    rung++;
    List<Point> next = new ArrayList<>();
    if (rung < rules.rungs().size()) {
      IntStream.range(0, candidates.size())
          .boxed()
          .filter(i -> !told.get(i).isFailed())
          .sorted(Comparator.comparing((Integer i) -> -told.get(i).orLowest()))
          .limit(rules.rungs().get(rung).candidates())
          .map(candidates::get)
          .forEach(next::add);
      next = on(next, rules.rungs().get(rung));
    }
    candidates = List.copyOf(next);
    told.clear();
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
