package dev.stockpot.merge.choose;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * A chooser that hears scores less a penalty of the point.
 *
 * @param penalty in units of the worth, at least 0
 */
record Regularised(Chooser chooser, ToDoubleFunction<Point> penalty) implements Chooser {
  Regularised {
    requireNonNull(chooser, "chooser is null");
    requireNonNull(penalty, "penalty is null");
  }

  @Override
  public List<Point> upcoming(int most) {
    return chooser.upcoming(most);
  }

  @Override
  public void tell(Score score) {
    List<Point> next = chooser.upcoming(1);
    if (score.isFailed() || next.isEmpty()) {
      chooser.tell(score);
      return;
    }
    double worth = score.orLowest() - penalty.applyAsDouble(next.get(0));
    chooser.tell(new Score(OptionalDouble.of(worth), score.standardError()));
  }

  @Override
  public Optional<Choice> best() {
    return chooser.best();
  }

  @Override
  public Optional<SearchState> state() {
    return chooser.state();
  }

  @Override
  public String verdict() {
    return chooser.verdict();
  }
}
