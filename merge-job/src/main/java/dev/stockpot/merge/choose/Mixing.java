package dev.stockpot.merge.choose;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/** How an ingredient changes a soup: the points that are tried for it, of which the best counts. */
public sealed interface Mixing {

  /** What is tried for an ingredient; nothing if there is nothing to try. */
  List<Point> with(Point soup, int ingredient);

  /** Whether it begins with the best single model, and else with all models alike. */
  boolean beginsWithTheBest();

  /** One helping more: the soup stays the plain mean of its helpings. */
  record OneMore() implements Mixing {
    @Override
    public List<Point> with(Point soup, int ingredient) {
      double[] counts = soup.toArray();
      counts[ingredient]++;
      return List.of(Point.of(counts));
    }

    @Override
    public boolean beginsWithTheBest() {
      return true;
    }
  }

  /**
   * A share of the soup is replaced by the ingredient.
   *
   * @param shares each above 0 and at most 1
   */
  record Interpolated(List<Double> shares) implements Mixing {
    public Interpolated {
      shares = List.copyOf(shares);
      for (double share : shares) {
        if (!(share > 0 && share <= 1)) {
          throw new IllegalArgumentException("share is %s, must be in (0, 1]".formatted(share));
        }
      }
    }

    @Override
    public List<Point> with(Point soup, int ingredient) {
      requireNonNull(soup, "soup is null");
      List<Point> points = new ArrayList<>();
      for (double share : shares) {
        double[] weights = soup.toArray();
        for (int i = 0; i < weights.length; i++) {
          weights[i] *= 1 - share;
        }
        weights[ingredient] += share;
        points.add(Point.of(weights));
      }
      return points;
    }

    @Override
    public boolean beginsWithTheBest() {
      return true;
    }
  }

  /** The ingredient is left out; the last one stays. */
  record LeftOut() implements Mixing {
    @Override
    public List<Point> with(Point soup, int ingredient) {
      double[] counts = soup.toArray();
      if (counts[ingredient] == 0 || soup.ingredients().size() == 1) {
        return List.of();
      }
      counts[ingredient] = 0;
      return List.of(Point.of(counts));
    }

    @Override
    public boolean beginsWithTheBest() {
      return false;
    }
  }
}
