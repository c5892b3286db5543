package dev.stockpot.merge.choose;

import java.util.List;
import java.util.Optional;

/**
 * How much worse a path is than the straight line between what its ends are worth: {@code max_t [(1
 * − t) w(0) + t w(1) − w(t)]} with w the worth, of which more is better. For a loss that is {@code
 * max_t [L(t) − ((1 − t) L(0) + t L(1))]}, for an accuracy the same turned round. It is at least 0,
 * which it is at the ends; models without a barrier are connected.
 *
 * @param height in units of the worth
 * @param t where it is, from 0 to 1
 * @param gain the same the other way: how much better than that line the path is at its best
 * @see <a href="https://arxiv.org/abs/1912.05671">Frankle et al. 2020, Linear mode connectivity</a>
 */
public record Barrier(double height, double t, double gain) {

  /**
   * A point of a path.
   *
   * @param t from 0 to 1
   * @param worth more is better
   */
  public record At(double t, double worth) {}

  /**
   * The barrier of a path.
   *
   * @param points that could be scored
   * @return nothing if an end is not among them
   */
  public static Optional<Barrier> of(List<At> points) {
    Optional<At> begin = points.stream().filter(point -> point.t() == 0).findFirst();
    Optional<At> end = points.stream().filter(point -> point.t() == 1).findFirst();
    if (begin.isEmpty() || end.isEmpty()) {
      return Optional.empty();
    }
    double height = 0;
    double place = 0;
    double gain = 0;
    for (At point : points) {
      double straight = (1 - point.t()) * begin.get().worth() + point.t() * end.get().worth();
      double below = straight - point.worth();
      if (below > height) {
        height = below;
        place = point.t();
      }
      gain = Math.max(gain, -below);
    }
    return Optional.of(new Barrier(height, place, gain));
  }
}
