package dev.stockpot.merge.choose;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** What each model is worth by itself, which says in what order they are tried. */
final class Singles {
  private final int models;
  private final SoupRules rules;
  private final List<Score> scores = new ArrayList<>();

  Singles(int models, SoupRules rules) {
    this.models = models;
    this.rules = rules;
  }

  int told() {
    return scores.size();
  }

  void tell(Score score) {
    scores.add(score);
  }

  /** Those that could be evaluated, in the order in which they are tried. */
  List<Integer> order() {
    List<Integer> order = new ArrayList<>();
    IntStream.range(0, models).filter(i -> !scores.get(i).isFailed()).forEach(order::add);
    if (rules.laterFirst()) {
      Collections.reverse(order);
    }
    Comparator<Integer> byWorth = Comparator.comparingDouble(this::worth);
    switch (rules.order()) {
      case METRIC -> order.sort(rules.mixing().beginsWithTheBest() ? byWorth.reversed() : byWorth);
      case GIVEN -> Collections.sort(order);
      case RANDOM -> shuffle(order);
    }
    return order;
  }

  private void shuffle(List<Integer> order) {
    Collections.sort(order);
    SplittableRandom random = new SplittableRandom(rules.seed());
    for (int i = order.size() - 1; i > 0; i--) {
      Collections.swap(order, i, random.nextInt(i + 1));
    }
  }

  private double worth(int model) {
    return scores.get(model).orLowest();
  }

  /** The best of those that are told; of equals the first, or the last where rules say so. */
  Optional<Chooser.Choice> best() {
    return IntStream.range(0, scores.size())
        .boxed()
        .filter(i -> !scores.get(i).isFailed())
        .reduce((a, b) -> isBetter(b, a) ? b : a)
        .map(i -> new Chooser.Choice(Point.only(i, models), scores.get(i)));
  }

  private boolean isBetter(int later, int earlier) {
    return rules.laterFirst() ? worth(later) >= worth(earlier) : worth(later) > worth(earlier);
  }
}
