package dev.stockpot.merge.choose;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * NSGA-II (Deb et al. 2002) in the unit cube, for several metrics of which more is better: parents
 * and children live on by fronts, then by room around them. What could not be evaluated does not
 * live on.
 */
final class Nsga2 implements Chooser {
  private static final int MOST_ATTEMPTS = 50; // at a child that was not tried before

  private final Nsga2Rules rules;
  private final int dimensions;
  private final Set<Point> tried = new HashSet<>();
  private List<Choice> parents = List.of();
  private List<Choice> front = List.of();
  private List<Point> generation;
  private final List<Score> told = new ArrayList<>();
  private int number;
  private int evaluations;
  private String verdict = "";

  /** A search from a first guess in the unit cube on. */
  Nsga2(Point start, Nsga2Rules rules) {
    requireNonNull(start, "start is null");
    this.rules = requireNonNull(rules, "rules are null");
    this.dimensions = start.values().size();
    List<Point> first = new ArrayList<>(List.of(start));
    while (first.size() < rules.population()) {
      first.add(drawn(first.size()));
    }
    this.generation = List.copyOf(first);
    tried.addAll(generation);
  }

  @Override
  public List<Point> upcoming(int most) {
    int left = Math.min(generation.size() - told.size(), rules.evaluations() - evaluations);
    return generation.subList(told.size(), told.size() + Math.max(0, Math.min(most, left)));
  }

  @Override
  public void tell(Score score) {
    if (upcoming(1).isEmpty()) {
      throw new IllegalStateException("%s was told of nothing".formatted(score));
    }
    Point point = generation.get(told.size());
    told.add(score);
    evaluations++;
    verdict = score.isFailed() ? "failed" : heard(new Choice(point, score));
    if (told.size() == generation.size()) {
      breed();
    }
  }

  private String heard(Choice choice) {
    List<Double> objectives = objectives(choice);
    if (front.stream().anyMatch(other -> Pareto.dominates(objectives(other), objectives))) {
      return "dominated";
    }
    List<Choice> now = new ArrayList<>(front);
    now.removeIf(other -> Pareto.dominates(objectives, objectives(other)));
    now.add(choice);
    front = List.copyOf(now);
    return "on the front";
  }

  private static List<Double> objectives(Choice choice) {
    List<Double> all = choice.score().objectives();
    return all.isEmpty() ? List.of(choice.score().orLowest()) : all;
  }

  @Override
  public List<Point> front() {
    return front.stream().map(Choice::point).toList();
  }

  @Override
  public Optional<Choice> best() {
    if (front.isEmpty() || !rules.picksKnee()) {
      return front.stream()
          .reduce((best, next) -> next.score().orLowest() > best.score().orLowest() ? next : best);
    }
    return Optional.of(front.get(Pareto.knee(front.stream().map(Nsga2::objectives).toList())));
  }

  @Override
  public String verdict() {
    return verdict;
  }

  private void breed() {
    List<Choice> all = new ArrayList<>(parents);
    for (int k = 0; k < generation.size(); k++) {
      if (!told.get(k).isFailed()) {
        all.add(new Choice(generation.get(k), told.get(k)));
      }
    }
    parents = survivors(all);
    told.clear();
    number++;
    List<Point> children = new ArrayList<>();
    for (int k = 0; k < rules.population(); k++) {
      children.add(child(k));
    }
    generation = List.copyOf(children);
  }

  /** In the order of their ranks: by fronts, then by the room around them. */
  private List<Choice> survivors(List<Choice> all) {
    List<Choice> survivors = new ArrayList<>();
    for (List<Integer> places : Pareto.fronts(all.stream().map(Nsga2::objectives).toList())) {
      List<Choice> members = places.stream().map(all::get).toList();
      double[] room = Pareto.crowding(members.stream().map(Nsga2::objectives).toList());
      IntStream.range(0, members.size())
          .boxed()
          .sorted(Comparator.comparing((Integer i) -> -room[i]))
          .limit(rules.population() - survivors.size())
          .map(members::get)
          .forEach(survivors::add);
    }
    return survivors;
  }

  private Point child(int place) {
    Point child = drawn(place);
    for (int attempt = 0; attempt < MOST_ATTEMPTS && !parents.isEmpty(); attempt++) {
      SplittableRandom random =
          Normals.stream(rules.seed(), number, place + attempt * rules.population());
      double[] mother = tournament(random).toArray();
      child = Point.of(Breeding.child(mother, tournament(random).toArray(), random));
      if (tried.add(child)) {
        return child;
      }
    }
    tried.add(child);
    return child;
  }

  /** The better of two: parents stand in the order of their ranks. */
  private Point tournament(SplittableRandom random) {
    int one = random.nextInt(parents.size());
    int other = random.nextInt(parents.size());
    return parents.get(Math.min(one, other)).point();
  }

  private Point drawn(int place) {
    return Point.of(Normals.stream(rules.seed(), number, place).doubles(dimensions).toArray());
  }
}
