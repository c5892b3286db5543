package dev.stockpot.merge.choose;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
final class StepwiseSoup implements Chooser {
  private final int models;
  private final SoupRules rules;
  private final Singles singles;
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
  StepwiseSoup(int models, SoupRules rules) {
    if (models < 1) {
      throw new IllegalArgumentException(
          "there are %s models, must be at least 1".formatted(models));
    }
    this.models = models;
    this.rules = requireNonNull(rules, "rules are null");
    this.singles = new Singles(models, rules);
  }

  @Override
  public List<Point> upcoming(int most) {
    List<Point> upcoming = new ArrayList<>();
    if (singles.told() < models) {
      for (int i = singles.told(); i < models && upcoming.size() < most; i++) {
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
      throw new IllegalStateException("%s was told of nothing".formatted(score));
    }
    verdict = score.isFailed() ? "failed" : "";
    if (singles.told() < models) {
      singles.tell(score);
      if (singles.told() == models) {
        begin();
      }
    } else if (soup.isEmpty()) {
      soup = score.isFailed() ? singles.best() : Optional.of(new Choice(allAlike(), score));
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
    Optional<Choice> single = singles.best();
    return soup.filter(whole -> whole.score().orLowest() >= single.orElseThrow().score().orLowest())
        .or(() -> single);
  }

  @Override
  public String verdict() {
    return verdict;
  }

  private void begin() {
    order.addAll(singles.order());
    if (!order.isEmpty() && rules.mixing().beginsWithTheBest()) {
      soup = singles.best();
      skipIdleSteps();
    }
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
    boolean isFull = now.values().get(model) == 0 && now.ingredients().size() >= rules.most();
    return isBeginning || isFull ? List.of() : rules.mixing().with(now, model);
  }

  /** Whether it is in the soup from its beginning, so that the first pass has no turn for it. */
  private boolean isBeginning(int model) {
    return singles.best().orElseThrow().point().values().get(model) != 0;
  }

  private void decide() {
    List<Point> points = tried(step);
    int best =
        IntStream.range(0, ofStep.size())
            .reduce(0, (a, b) -> ofStep.get(b).orLowest() > ofStep.get(a).orLowest() ? b : a);
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
