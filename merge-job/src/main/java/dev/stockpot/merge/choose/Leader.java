package dev.stockpot.merge.choose;

import dev.stockpot.merge.choose.Chooser.Choice;
import java.util.Optional;

/**
 * The best point that scores were heard of, of equals the first, and what is said of the last one.
 * A point that came to be evaluated on more examples is better whatever it was worth: scores on
 * fewer are not compared with its own.
 */
final class Leader {
  private Optional<Choice> best = Optional.empty();
  private String verdict = "";

  void hear(Point point, Score score) {
    boolean isBest = !score.isFailed() && isBest(point, score);
    if (isBest) {
      best = Optional.of(new Choice(point, score));
    }
    verdict = score.isFailed() ? "failed" : isBest ? "best so far" : "";
  }

  private boolean isBest(Point point, Score score) {
    return best.isEmpty()
        || point.budget() > best.get().point().budget()
        || score.orLowest() > best.get().score().orLowest();
  }

  Optional<Choice> best() {
    return best;
  }

  String verdict() {
    return verdict;
  }
}
