package dev.stockpot.merge.plan;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.RandomStream;
import dev.stockpot.merge.model.ElementSpan;
import java.util.ArrayList;
import java.util.List;

/**
 * A few runs of a tensor's elements, enough to tell what the whole is like: in whole units, which
 * are rows mostly, at places that are drawn from the tensor's name alone. So all models are looked
 * at in the same places, whoever looks, and however often.
 *
 * @param elements of the tensor
 * @param unit elements of a unit; 0 if there is none
 */
record Sample(long elements, long unit) {
  /** Elements of a run: 128 KiB of 16 bits. A request of fewer takes as long. */
  static final long RUN = 1 << 16;

  /** A run has as many units, if they are not too long: else nothing could be told of these. */
  static final int FEWEST_UNITS = 8;

  /** Most elements of a run, for the sake of its units: 512 KiB of 16 bits. */
  static final long LONGEST_RUN = 1 << 18;

  static final int RUNS = 2;

  /** Where there are no units, runs begin at multiples of it, for the sake of packed elements. */
  private static final int PACK = 64;

  private static final int SEED = 0;

  /** A sample of a tensor, whose units are its rows. */
  static Sample of(Shape shape) {
    return new Sample(shape.elements(), unit(shape));
  }

  /**
   * Elements of what one unit of a layer is made of: a row of a matrix, a filter of a convolution;
   * of several matrices in one tensor, a row of one of them. 0 for a vector.
   */
  static long unit(Shape shape) {
    if (shape.dimensions().size() < 2) {
      return 0;
    }
    boolean isOneMatrix = shape.columns() <= LONGEST_RUN / FEWEST_UNITS;
    return isOneMatrix ? shape.columns() : shape.rowElements();
  }

  /** Where they lie, in order. */
  List<ElementSpan> spans(String tensor) {
    long step = unit == 0 || unit > LONGEST_RUN ? PACK : unit;
    long units = Math.max(RUN / step, Math.min(FEWEST_UNITS, LONGEST_RUN / step));
    long run = units * step;
    if (elements <= RUNS * run) {
      return List.of(new ElementSpan(0, elements));
    }
    int[] draws = new int[RUNS];
    RandomStream.of(SEED, RandomStream.OUTPUT, tensor).draw(0, RUNS, draws);
    List<ElementSpan> spans = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      long begin = elements / RUNS / step * i;
      long end = i + 1 == RUNS ? elements / step : elements / RUNS / step * (i + 1);
      long places = end - begin - run / step + 1;
      long place = begin + Integer.toUnsignedLong(draws[i]) % places;
      spans.add(new ElementSpan(place * step, run));
    }
    return spans;
  }
}
