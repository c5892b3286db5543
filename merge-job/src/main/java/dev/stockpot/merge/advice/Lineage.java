package dev.stockpot.merge.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Where models come from, by the distances between them alone. */
record Lineage(Kinship kinship) {
  /** A base lies between its fine-tunes; how much clearer that must be than for any other model. */
  private static final double CLEAR = 0.2;

  /** From a model between two checkpoints of a run, one lies back and one ahead. */
  private static final double BETWEEN = -0.05;

  /** Most that task vectors from one base have in common. */
  private static final double MOST = 0.7;

  /**
   * The one of three models or more that the others began at. Seen from a base, fine-tunes lie in
   * directions of their own; seen from a fine-tune, all others lie in the base's direction. Two
   * runs that went the same way cannot be told from a shorter and a longer one: then there is none.
   */
  OptionalInt base() {
    int models = kinship.models().size();
    double least = Double.POSITIVE_INFINITY;
    double second = Double.POSITIVE_INFINITY;
    int found = -1;
    for (int from = 0; from < models && models > 2; from++) {
      OptionalDouble mean = meanCosine(from);
      if (mean.isEmpty()) {
        continue;
      }
      if (mean.getAsDouble() < least) {
        second = least;
        least = mean.getAsDouble();
        found = from;
      } else {
        second = Math.min(second, mean.getAsDouble());
      }
    }
    boolean isClear = found >= 0 && least < MOST && second - least >= CLEAR;
    return isClear && isBetweenNone(found) ? OptionalInt.of(found) : OptionalInt.empty();
  }

  private OptionalDouble meanCosine(int from) {
    return cosines(from).stream().mapToDouble(Double::doubleValue).average();
  }

  private boolean isBetweenNone(int from) {
    return cosines(from).stream().allMatch(cosine -> cosine > BETWEEN);
  }

  private List<Double> cosines(int from) {
    List<Double> cosines = new ArrayList<>();
    int models = kinship.models().size();
    for (int i = 0; i < models; i++) {
      for (int j = i + 1; j < models; j++) {
        if (i != from && j != from) {
          kinship.taskCosine(from, i, j).ifPresent(cosines::add);
        }
      }
    }
    return cosines;
  }

  /** The largest group of models each of which can be averaged with the first of them. */
  List<Integer> kin() {
    List<Integer> largest = List.of();
    for (int i = 0; i < kinship.models().size(); i++) {
      int first = i;
      List<Integer> group =
          IntStream.range(0, kinship.models().size())
              .filter(
                  other -> other == first || kinship.pair(first, other).verdict().allowsAverage())
              .boxed()
              .toList();
      if (group.size() > largest.size()) {
        largest = group;
      }
    }
    return largest;
  }
}
