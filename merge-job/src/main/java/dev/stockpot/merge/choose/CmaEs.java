package dev.stockpot.merge.choose;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Covariance matrix adaptation (Hansen, "The CMA Evolution Strategy: A Tutorial", arXiv 1604.00772)
 * in the unit cube. Draws that leave the cube are mirrored into it, and how far they were counts
 * against them. A point that cannot be evaluated ranks last; equal scores share their ranks.
 */
final class CmaEs implements Chooser {
  private final CmaRules rules;
  private final int population;
  private final Normals normals;
  private CmaState state;
  private List<Draw> generation = List.of();
  private final List<Score> told = new ArrayList<>();
  private int evaluations;
  private final Leader leader = new Leader();
  private final List<Double> bestOfGenerations = new ArrayList<>();

  /** A point before and after it was mirrored into the cube. */
  private record Draw(Point wanted, Point point) {}

  /**
   * A search.
   *
   * @param start in the unit cube, where most is expected
   */
  CmaEs(Point start, CmaRules rules) {
    requireNonNull(start, "start is null");
    this.rules = requireNonNull(rules, "rules are null");
    this.population = rules.population(start.values().size());
    this.normals = new Normals(rules.seed());
    this.state = CmaState.at(start.toArray(), rules.sigma());
    draw();
  }

  @Override
  public List<Point> upcoming(int most) {
    int left = Math.min(generation.size() - told.size(), rules.evaluations() - evaluations);
    return generation.subList(told.size(), told.size() + Math.max(0, Math.min(most, left))).stream()
        .map(Draw::point)
        .toList();
  }

  @Override
  public void tell(Score score) {
    if (upcoming(1).isEmpty()) {
      throw new IllegalStateException("%s was told of nothing".formatted(score));
    }
    Point point = generation.get(told.size()).point();
    told.add(score);
    evaluations++;
    leader.hear(point, score);
    if (told.size() == generation.size()) {
      learn();
    }
  }

  @Override
  public Optional<Choice> best() {
    return leader.best();
  }

  @Override
  public String verdict() {
    return leader.verdict();
  }

  /** Where the search stands after the last whole generation. */
  CmaState state() {
    return state;
  }

  private void draw() {
    List<Draw> drawn = new ArrayList<>();
    for (int k = 0; k < population; k++) {
      double[] wanted = state.sample(normals.draw(state.generation(), k, state.dimensions()));
      double[] inside = wanted.clone();
      for (int i = 0; i < inside.length; i++) {
        inside[i] = mirrored(inside[i]);
      }
      drawn.add(new Draw(Point.of(wanted), Point.of(inside)));
    }
    generation = List.copyOf(drawn);
    told.clear();
  }

  /** Folded at 0 and 1 as often as need be: a wanted optimum at the edge has no kink there. */
  static double mirrored(double value) {
    double folded = Math.abs(value) % 2;
    return folded > 1 ? 2 - folded : folded;
  }

  private void learn() {
    List<Double> costs = costs();
    double bestOfNow = costs.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    bestOfGenerations.add(bestOfNow);
    boolean isFlat = isFlat(costs);
    state =
        state.next(
            generation.stream().map(draw -> draw.wanted().toArray()).toList(),
            ranks(costs),
            isFlat);
    if (isDone()) {
      generation = List.of();
      told.clear();
    } else {
      draw();
    }
  }

  /** What is minimised: the score turned round, and how far the draw was outside. */
  private List<Double> costs() {
    List<Double> costs = new ArrayList<>();
    double spread = spread();
    for (int k = 0; k < generation.size(); k++) {
      double outside = 0;
      Draw draw = generation.get(k);
      for (int i = 0; i < draw.wanted().values().size(); i++) {
        double distance = draw.wanted().values().get(i) - draw.point().values().get(i);
        outside += distance * distance;
      }
      costs.add(
          told.get(k).isFailed()
              ? Double.POSITIVE_INFINITY
              : -told.get(k).orLowest() + spread * outside);
    }
    return costs;
  }

  /** How far scores of the generation are apart: what one unit outside the cube counts. */
  private double spread() {
    double[] worths =
        told.stream().filter(score -> !score.isFailed()).mapToDouble(Score::orLowest).toArray();
    if (worths.length == 0) {
      return 0;
    }
    double most = Arrays.stream(worths).max().orElseThrow();
    double least = Arrays.stream(worths).min().orElseThrow();
    return most - least;
  }

  /** Mean ranks, from 0 for the lowest cost: coarse metrics give equal scores often. */
  private static double[] ranks(List<Double> costs) {
    List<Integer> order =
        IntStream.range(0, costs.size()).boxed().sorted(Comparator.comparing(costs::get)).toList();
    double[] ranks = new double[costs.size()];
    for (int begin = 0; begin < order.size(); ) {
      int end = begin;
      while (end < order.size() && costs.get(order.get(end)).equals(costs.get(order.get(begin)))) {
        end++;
      }
      for (int i = begin; i < end; i++) {
        ranks[order.get(i)] = (begin + end - 1) / 2.0;
      }
      begin = end;
    }
    return ranks;
  }

  private boolean isFlat(List<Double> costs) {
    List<Double> sorted = costs.stream().sorted().toList();
    int place = Math.min(sorted.size() - 1, (int) (0.1 + population / 4.0));
    return place > 0 && sorted.get(0).equals(sorted.get(place));
  }

  private boolean isDone() {
    if (evaluations >= rules.evaluations()) {
      return true;
    }
    int window = 10 + (int) Math.ceil(30.0 * state.dimensions() / population);
    int generations = bestOfGenerations.size();
    if (generations < window) {
      return state.isConverged();
    }
    List<Double> recent = bestOfGenerations.subList(generations - window, generations);
    double most = recent.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    double least = recent.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    return state.isConverged() || most - least < 1e-12;
  }
}
