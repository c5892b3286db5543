package dev.stockpot.merge.choose;

import java.util.List;
import java.util.Optional;

/**
 * Proposes points, one after the other, and learns what they were worth. The same scores lead to
 * the same proposals and to the same choice, so a chooser that was lost is had again by telling it
 * everything once more.
 */
public interface Chooser {

  /**
   * The points to be tried next, in order. The first is certain; those behind it are what will
   * follow if nothing changes its mind, and may be tried ahead of time.
   *
   * @param most at least 1
   * @return none if nothing is left to be tried
   */
  List<Point> upcoming(int most);

  /**
   * Says what the first of the upcoming points was worth.
   *
   * @throws IllegalStateException if there is none
   */
  void tell(Score score);

  /** The best so far, and what it was worth; nothing if nothing could be evaluated. */
  Optional<Choice> best();

  /** Where it stands between two generations, if it keeps such a state. */
  default Optional<SearchState> state() {
    return Optional.empty();
  }

  /** Points that no other one is better than by every metric; none where one number is sought. */
  default List<Point> front() {
    return List.of();
  }

  /** What happened, in words, with the last score that was told: empty if nothing did. */
  default String verdict() {
    return "";
  }

  /**
   * A point with its score.
   *
   * @param score one that did not fail
   */
  record Choice(Point point, Score score) {}
}
