package dev.stockpot.merge.recipe;

import java.util.List;

/** What a recipe gives a parameter: one value, or values that change from layer to layer. */
sealed interface ParameterValue {

  /**
   * The value at a depth of the model.
   *
   * @param t 0 for the first layer of a slice, 1 for its last
   */
  Object at(double t);

  /** Whether the value is another at another depth. */
  default boolean changes() {
    return given().stream().distinct().count() > 1;
  }

  /** The values that the recipe gives, each of the kind of {@link #at}. */
  List<?> given();

  /** The same value at every depth: a {@link Double}, {@link Boolean} or {@link String}. */
  record Constant(Object value) implements ParameterValue {
    public Constant {
      if (!(value instanceof Double) && !(value instanceof Boolean) && !(value instanceof String)) {
        throw new IllegalArgumentException("%s is neither number, flag nor word".formatted(value));
      }
    }

    @Override
    public Object at(double t) {
      return value;
    }

    @Override
    public List<Object> given() {
      return List.of(value);
    }
  }

  /** Points at equal distances, joined by straight lines. */
  record Gradient(List<Double> points) implements ParameterValue {
    public Gradient {
      points = List.copyOf(points);
      if (points.isEmpty()) {
        throw new IllegalArgumentException("gradient has no points");
      }
    }

    @Override
    public List<Double> given() {
      return points;
    }

    @Override
    public Object at(double t) {
      if (!(t >= 0 && t <= 1)) {
        throw new IllegalArgumentException("t is %s, must be 0 to 1".formatted(t));
      }
      double x = t * (points.size() - 1);
      int i = (int) x;
      double fraction = x - i;
      double next = points.get(Math.min(i + 1, points.size() - 1));
      return (1 - fraction) * points.get(i) + fraction * next;
    }
  }

  /** One value for each of equal groups of layers, the first for the first ones. */
  record Steps(List<Double> values) implements ParameterValue {
    public Steps {
      values = List.copyOf(values);
      if (values.isEmpty()) {
        throw new IllegalArgumentException("steps have no values");
      }
    }

    @Override
    public List<Double> given() {
      return values;
    }

    /**
     * With t = layer / (layers - 1), t · n is at least k for the first layer of the group k, and
     * below it for the layer before, if the layers can be shared out evenly.
     */
    @Override
    public Object at(double t) {
      if (!(t >= 0 && t <= 1)) {
        throw new IllegalArgumentException("t is %s, must be 0 to 1".formatted(t));
      }
      return values.get(Math.min(values.size() - 1, (int) (t * values.size())));
    }
  }
}
