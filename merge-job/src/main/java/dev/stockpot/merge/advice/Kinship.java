package dev.stockpot.merge.advice;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.observe.KinshipSums;
import dev.stockpot.kernels.observe.KinshipView;
import dev.stockpot.kernels.observe.UnitSums;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How several models are related, as far as weights tell it without any data. What is said of all
 * tensors together is said of their matrices: gains of norms are near one in every model there is.
 *
 * @param models what they are called
 * @param view which of them is the base
 * @param tensors what was seen of each, by name
 * @param notices what was not looked at, and why
 */
public record Kinship(
    List<String> models, KinshipView view, Map<String, Seen> tensors, List<String> notices) {

  /**
   * What was seen of a tensor.
   *
   * @param sums of the elements that were looked at
   */
  record Seen(Shape shape, KinshipSums sums) {
    /** Each element that was looked at stands for so many. */
    double weight() {
      return (double) shape.elements() / sums.elements();
    }

    boolean isMatrix() {
      return shape.dimensions().size() > 1;
    }
  }

  public Kinship {
    models = List.copyOf(models);
    tensors = new LinkedHashMap<>(tensors);
    notices = List.copyOf(notices);
  }

  /**
   * What follows of what was seen.
   *
   * @param shapes of the tensors that were looked at
   * @param found what was seen of each
   */
  public static Kinship of(
      List<String> models,
      KinshipView view,
      Map<String, Shape> shapes,
      Map<String, KinshipSums> found,
      List<String> notices) {
    Map<String, Seen> tensors = new LinkedHashMap<>();
    List<String> broken = new ArrayList<>();
    shapes.forEach(
        (name, shape) -> {
          if (found.get(name).isFinite()) {
            tensors.put(name, new Seen(shape, found.get(name)));
          } else {
            broken.add(name);
          }
        });
    List<String> told = new ArrayList<>(notices);
    if (!broken.isEmpty()) {
      told.add(
          "%s of %s tensors have NaN or infinite elements and are left out, for example %s"
              .formatted(broken.size(), shapes.size(), broken.get(0)));
    }
    return new Kinship(models, view, tensors, told);
  }

  /** The one of three models or more that the others seem to have begun at, if that is clear. */
  public OptionalInt base() {
    return new Lineage(this).base();
  }

  /** Elements of the tensors that were compared, of one model. */
  public long elements() {
    return tensors.values().stream().mapToLong(seen -> seen.shape().elements()).sum();
  }

  /** Those of them that were looked at. */
  public long sampled() {
    return tensors.values().stream().mapToLong(seen -> seen.sums().elements()).sum();
  }

  /** What is said of each pair of models, but for those with the base. */
  public List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (int i : view.tuned()) {
      for (int j : view.tuned()) {
        if (i < j) {
          pairs.add(pair(i, j));
        }
      }
    }
    return pairs;
  }

  /** What is said of each model and the base; nothing if there is none. */
  public List<Pair> pairsWithBase() {
    return view.hasBase()
        ? view.tuned().stream().map(model -> pair(view.base(), model)).toList()
        : List.of();
  }

  Pair pair(int i, int j) {
    double squares = Math.sqrt(square(i) * square(j));
    UnitSums units = units();
    int pair = view.pair(i, j);
    double more = units.units()[pair] - units.chance()[pair];
    boolean hasTasks = view.hasBase() && i != view.base() && j != view.base();
    return new Pair(
        models.get(i),
        models.get(j),
        known(squares > 0, (square(i) + square(j) - distance(i, j)) / 2 / squares),
        distance(i, j) == 0
            ? known(!tensors.isEmpty(), 0)
            : known(squares > 0, Math.sqrt(distance(i, j) / squares)),
        known(more > 0, (units.fixed()[pair] - units.chance()[pair]) / more),
        hasTasks ? taskCosine(view.base(), i, j) : OptionalDouble.empty(),
        hasTasks ? signs(i, j) : OptionalDouble.empty());
  }

  private static OptionalDouble known(boolean isKnown, double value) {
    return isKnown && Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  /** The cosine between what two models differ by from a third; empty if one of them is as that. */
  OptionalDouble taskCosine(int from, int i, int j) {
    double lengths = Math.sqrt(distance(from, i) * distance(from, j));
    double product = (distance(from, i) + distance(from, j) - distance(i, j)) / 2;
    return known(lengths > 0, Math.max(-1, Math.min(1, product / lengths)));
  }

  /** The share of what both change that they change in one direction. */
  private OptionalDouble signs(int i, int j) {
    double both = sum(seen -> seen.sums().changedByBoth(i, j));
    return known(both > 0, sum(seen -> seen.sums().agreeing(i, j)) / both);
  }

  /** How far a model is from the base, in units of the base's length. */
  public OptionalDouble change(int model) {
    double base = square(view.base());
    return known(base > 0, Math.sqrt(distance(view.base(), model) / base));
  }

  /** The share of elements in which a model is as the base. */
  public OptionalDouble unchanged(int model) {
    double all = sum(seen -> seen.sums().elements());
    return known(all > 0, 1 - sum(seen -> seen.sums().changed(model)) / all);
  }

  /** The square of the distance between two models. */
  double distance(int i, int j) {
    return sum(seen -> seen.sums().distance(i, j));
  }

  private double square(int model) {
    return sum(seen -> seen.sums().square(model));
  }

  private UnitSums units() {
    return told().stream()
        .map(seen -> seen.sums().units())
        .reduce(UnitSums.none(view.pairs()), UnitSums::plus);
  }

  private interface Figure {
    double of(Seen seen);
  }

  private double sum(Figure figure) {
    return told().stream().mapToDouble(seen -> seen.weight() * figure.of(seen)).sum();
  }

  /** The matrices, or, where there are none, all. */
  private List<Seen> told() {
    List<Seen> matrices = tensors.values().stream().filter(Seen::isMatrix).toList();
    return matrices.isEmpty() ? List.copyOf(tensors.values()) : matrices;
  }
}
