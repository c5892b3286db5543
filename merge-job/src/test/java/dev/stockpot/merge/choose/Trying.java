package dev.stockpot.merge.choose;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Runs choosers to their ends, with a function in place of evaluators. */
final class Trying {
  private Trying() {}

  /** What was tried, in order. */
  static List<Point> all(Chooser chooser, Function<Point, Score> scores) {
    List<Point> tried = new ArrayList<>();
    for (List<Point> next = chooser.upcoming(1); !next.isEmpty(); next = chooser.upcoming(1)) {
      tried.add(next.get(0));
      chooser.tell(scores.apply(next.get(0)));
    }
    return tried;
  }

  static List<Point> worths(Chooser chooser, ToDoubleFunction<Point> worths) {
    return all(chooser, point -> Score.of(worths.applyAsDouble(point)));
  }
}
