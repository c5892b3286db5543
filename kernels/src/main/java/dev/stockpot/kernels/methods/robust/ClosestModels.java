package dev.stockpot.kernels.methods.robust;

import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.methods.average.AverageMethods;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Averages the models whose nearest neighbours are nearest; of equal ones those that come first.
 *
 * @param byzantine how many models may be anything
 * @param selected how many are averaged
 */
record ClosestModels(int byzantine, int selected) implements DistanceMerge.Rule {

  @Override
  public MergeProgram program(Distances distances) {
    if (!distances.areFinite()) {
      int models = distances.models();
      return AverageMethods.weightedSum(Collections.nCopies(models, Float.NaN), 1);
    }
    List<Integer> chosen = chosen(distances);
    return AverageMethods.weightedSum(
        chosen, Collections.nCopies(chosen.size(), 1f), chosen.size());
  }

  /** The models that are averaged, in their order. */
  List<Integer> chosen(Distances distances) {
    double[] scores = scores(distances, byzantine);
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> scores[i]))
        .limit(selected)
        .sorted()
        .toList();
  }

  /** How far each model is from its neighbours. */
  static double[] scores(Distances distances, int byzantine) {
    return IntStream.range(0, distances.models())
        .mapToDouble(i -> score(distances, i, byzantine))
        .toArray();
  }

  /** Summed from the nearest to the farthest, so that the order of the models does not show. */
  private static double score(Distances distances, int model, int byzantine) {
    double[] sorted = distances.squared()[model].clone();
    Arrays.sort(sorted); // the first is the model itself, or another at no distance
    int end = Math.min(sorted.length, Math.max(2, sorted.length - byzantine - 1));
    return Arrays.stream(sorted, Math.min(1, end), end)
        .reduce(0, Double::sum); // Arrays' own sum compensates, and may do so in any way
  }
}
