package dev.stockpot.merge.choose;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A soup to which ingredients are added, or from which they are taken, one at a time: each is tried
 * and kept if the soup is better for it. Greedy soups (Wortsman et al. 2022, arXiv 2203.05482) and
 * their kin; a soup is a vector of weights over the original models, never an average that is
 * averaged again.
 *
 * <p>First every model is evaluated by itself, which gives the order and the one to begin with. A
 * model that cannot be evaluated is left out.
 */
public final class StepwiseSoup implements Chooser {
  private final int models;
  private final SoupRules rules;
  private final List<Score> singles = new ArrayList<>();
  private final List<Integer> order = new ArrayList<>();
  private final List<Score> ofStep = new ArrayList<>();
  private Optional<Choice> soup = Optional.empty();
  private int step;
  private int accepted;
  private int acceptedBefore;
  private boolean isDone;
  private String verdict = "";

  /**
   * A soup of so many models.
   *
   * @param models at least 1
   */
  public StepwiseSoup(int models, SoupRules rules) {
    if (models < 1) {
      throw new IllegalArgumentException("there are %s models, must be at least 1".formatted(models));
    }
    this.models = models;
    this.rules = requireNonNull(rules, "rules are null");
  }

  @Override
  public List<Point> upcoming(int most) {
    List<Point> upcoming = new ArrayList<>();
    if (singles.size() < models) {
      for (int i = singles.size(); i < models && upcoming.size() < most; i++) {
        upcoming.add(Point.only(i, models));
      }
      return upcoming;
    }
    if (order.isEmpty()) {
      return upcoming; // none could be evaluated
    }
    if (soup.isEmpty()) {
      return List.of(allAlike());
    }
    List<Point> points = tried(step);
    upcoming.addAll(points.subList(ofStep.size(), points.size()));
    // whether a pass was idle is known at its end, so nothing behind that is tried ahead
    int last = (step / order.size() + 1) * order.size();
    for (int next = step + 1; next < last && upcoming.size() < most; next++) {
      upcoming.addAll(tried(next));
    }
    return upcoming.size() <= most ? upcoming : List.copyOf(upcoming.subList(0, most));
  }

  @Override
  public void tell(Score score) {
    if (upcoming(1).isEmpty()) {
      throw new IllegalStateException("nothing was to be tried");
    }
    verdict = score.isFailed() ? "failed" : "";
    if (singles.size() < models) {
      singles.add(score);
      if (singles.size() == models) {
        begin();
      }
    } else if (soup.isEmpty()) {
      soup = Optional.of(score.isFailed() ? bestSingle() : new Choice(allAlike(), score));
      skipIdleSteps();
    } else {
      ofStep.add(score);
      if (ofStep.size() == tried(step).size()) {
        decide();
      }
    }
  }

  /** The soup, or the best single model if that is better, which happens where ingredients go. */
  @Override
  public Optional<Choice> best() {
    if (order.isEmpty()) {
      return bestOf(singles);
    }
    Choice single = bestSingle();
    return soup.filter(whole -> whole.score().orLowest() >= single.score().orLowest())
        .or(() -> Optional.of(single));
  }

  @Override
  public String verdict() {
    return verdict;
  }

  private void begin() {
    IntStream.range(0, models).filter(i -> !singles.get(i).isFailed()).forEach(order::add);
    if (order.isEmpty()) {
      return;
    }
    boolean isBestFirst = rules.mixing().beginsWithTheBest();
    sort(isBestFirst);
    if (isBestFirst) {
      soup = Optional.of(bestSingle());
      skipIdleSteps();
    }
  }

  private void sort(boolean isBestFirst) {
    if (rules.laterFirst()) {
      Collections.reverse(order);
    }
    Comparator<Integer> byWorth = Comparator.comparingDouble(i -> singles.get(i).orLowest());
    switch (rules.order()) {
      case METRIC -> order.sort(isBestFirst ? byWorth.reversed() : byWorth);
      case GIVEN -> Collections.sort(order);
      case RANDOM -> shuffle();
    }
  }

  private void shuffle() {
    Collections.sort(order);
    SplittableRandom random = new SplittableRandom(rules.seed());
    for (int i = order.size() - 1; i > 0; i--) {
      Collections.swap(order, i, random.nextInt(i + 1));
    }
  }

  private Choice bestSingle() {
    int best =
        rules.laterFirst()
            ? IntStream.range(0, models).reduce(0, (a, b) -> worth(b) >= worth(a) ? b : a)
            : IntStream.range(0, models).reduce(0, (a, b) -> worth(b) > worth(a) ? b : a);
    return new Choice(Point.only(best, models), singles.get(best));
  }

  private double worth(int model) {
    return singles.get(model).orLowest();
  }

  private Optional<Choice> bestOf(List<Score> told) {
    return IntStream.range(0, told.size())
        .boxed()
        .filter(i -> !told.get(i).isFailed())
        .max(Comparator.comparingDouble((Integer i) -> told.get(i).orLowest()))
        .map(i -> new Choice(Point.only(i, models), told.get(i)));
  }

  private Point allAlike() {
    double[] counts = new double[models];
    order.forEach(model -> counts[model] = 1);
    return Point.of(counts);
  }

  /** What is tried in a step if the soup stays as it is; nothing once all is done. */
  private List<Point> tried(int place) {
    if (isDone) {
      return List.of();
    }
    int model = order.get(place % order.size());
    Point now = soup.orElseThrow().point();
    boolean isBeginning =
        place < order.size() && rules.mixing().beginsWithTheBest() && isBeginning(model);
    boolean isFull =
        now.values().get(model) == 0 && now.ingredients().size() >= rules.most();
    return isBeginning || isFull ? List.of() : rules.mixing().with(now, model);
  }

  /** Whether it is in the soup from its beginning, so that the first pass has no turn for it. */
  private boolean isBeginning(int model) {
    return bestSingle().point().values().get(model) != 0;
  }

  private void decide() {
    List<Point> points = tried(step);
    int best = IntStream.range(0, ofStep.size()).reduce(0, (a, b) -> better(b, a) ? b : a);
    Score score = ofStep.get(best);
    boolean isAccepted = rules.accept().accepts(score, soup.orElseThrow().score());
    if (isAccepted) {
      soup = Optional.of(new Choice(points.get(best), score));
      accepted++;
    }
    verdict = isAccepted ? "accepted" : score.isFailed() ? "failed" : "rejected";
    ofStep.clear();
    next();
    skipIdleSteps();
  }

  private boolean better(int one, int other) {
    return ofStep.get(one).orLowest() > ofStep.get(other).orLowest();
  }

  private void next() {
    step++;
    if (step % order.size() == 0) {
      isDone = step / order.size() >= rules.passes() || accepted == acceptedBefore;
      acceptedBefore = accepted;
    }
  }

  private void skipIdleSteps() {
    while (!isDone && tried(step).isEmpty()) {
      next();
    }
  }
}
