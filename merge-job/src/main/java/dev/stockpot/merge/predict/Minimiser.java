package dev.stockpot.merge.predict;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;

/**
 * The least value of a smooth function, by limited-memory BFGS with a line search that halves.
 *
 * @see <a href="https://doi.org/10.1007/BF01589116">Liu and Nocedal: On the limited memory BFGS
 *     method for large scale optimization</a>
 */
final class Minimiser {
  private static final int MEMORY = 20;
  private static final int MOST_STEPS = 300;
  private static final int MOST_HALVINGS = 30;
  private static final double FLAT = 1e-9;
  private static final double ENOUGH = 1e-4;

  /** A function whose slope is known. */
  @FunctionalInterface
  interface Slope {
    /** The value, and behind it the derivative by each number. */
    double[] at(double[] x);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Move(double[] step, double[] turn, double product) {}

  private Minimiser() {}

  static double[] least(Slope function, double[] start) {
    double[] x = start.clone();
    double[] here = function.at(x);
    Deque<Move> moves = new ArrayDeque<>();
    for (int step = 0; step < MOST_STEPS && steepest(here) > FLAT; step++) {
      double[] direction = direction(slope(here), moves);
      double descent = dot(direction, slope(here));
      double length = moves.isEmpty() ? Math.min(1, 1 / steepest(here)) : 1;
      double[] next = x;
      double[] there = here;
      boolean isLower = false;
      for (int halving = 0; halving < MOST_HALVINGS && !isLower; halving++, length /= 2) {
        next = moved(x, direction, length);
        there = function.at(next);
        isLower = there[0] <= here[0] + ENOUGH * length * descent;
      }
      if (!isLower) {
        return x; // rounding is all that is left
      }
      double[] turn = difference(slope(there), slope(here));
      double[] way = difference(next, x);
      double product = dot(way, turn);
      if (product > 0) {
        moves.addFirst(new Move(way, turn, product));
        if (moves.size() > MEMORY) {
          moves.removeLast();
        }
      }
      x = next;
      here = there;
    }
    return x;
  }

  private static double[] slope(double[] found) {
    return Arrays.copyOfRange(found, 1, found.length);
  }

  private static double steepest(double[] found) {
    return Arrays.stream(slope(found)).map(Math::abs).max().orElse(0);
  }

  private static double[] direction(double[] slope, Deque<Move> moves) {
    double[] q = slope.clone();
    double[] used = new double[moves.size()];
    int i = 0;
    for (Move move : moves) {
      used[i] = dot(move.step(), q) / move.product();
      q = moved(q, move.turn(), -used[i++]);
    }
    if (!moves.isEmpty()) {
      Move last = moves.getFirst();
      double scale = last.product() / dot(last.turn(), last.turn());
      for (int k = 0; k < q.length; k++) {
        q[k] *= scale;
      }
    }
    for (Iterator<Move> back = moves.descendingIterator(); back.hasNext(); ) {
      Move move = back.next();
      q = moved(q, move.step(), used[--i] - dot(move.turn(), q) / move.product());
    }
    for (int k = 0; k < q.length; k++) {
      q[k] = -q[k];
    }
    return q;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double[] moved(double[] from, double[] direction, double length) {
    double[] to = from.clone();
    for (int i = 0; i < to.length; i++) {
      to[i] += length * direction[i];
    }
    return to;
  }

  private static double[] difference(double[] a, double[] b) {
    return moved(a, b, -1);
  }
}
