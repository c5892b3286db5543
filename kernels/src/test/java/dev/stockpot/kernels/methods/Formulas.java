package dev.stockpot.kernels.methods;

import dev.stockpot.kernels.random.RandomDrop;
import dev.stockpot.kernels.random.RandomStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The formulas of the merge methods in float64, one loop after the other, with a sort to trim. */
public final class Formulas {
  private Formulas() {}

  public static double[] linear(double[] weights, boolean normalize, float[]... models) {
    double[] merged = new double[models[0].length];
    for (int e = 0; e < merged.length; e++) {
      for (int m = 0; m < models.length; m++) {
        merged[e] += weights[m] * models[m][e];
      }
      merged[e] /= normalize ? Arrays.stream(weights).sum() : 1;
    }
    return merged;
  }

  public static double[] slerp(double t, float[] base, float[] other) {
    double cosine = product(base, other) / (norm(base) * norm(other));
    double angle = Math.acos(cosine);
    boolean line = Math.abs(cosine) > 0.9995;
    double ofBase = line ? 1 - t : Math.sin((1 - t) * angle) / Math.sin(angle);
    double ofOther = line ? t : Math.sin(t * angle) / Math.sin(angle);
    return linear(new double[] {ofBase, ofOther}, false, base, other);
  }

  private static double product(float[] a, float[] b) {
    return IntStream.range(0, a.length).mapToDouble(e -> (double) a[e] * b[e]).sum();
  }

  private static double norm(float[] a) {
    double norm = Math.sqrt(product(a, a));
    return norm > 1e-8 ? norm : 1;
  }

  /** A model's part in {@link #taskArithmetic}. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Model(float[] values, double weight, boolean[] kept) {}

  public static double[] taskArithmetic(
      float[] base,
      List<Model> models,
      boolean elect,
      boolean normalize,
      boolean rescale,
      double lambda) {
    List<double[]> taskVectors =
        models.stream().map(model -> taskVector(base, model, rescale)).toList();
    double[] merged = new double[base.length];
    for (int e = 0; e < base.length; e++) {
      double vote = 0;
      for (double[] taskVector : taskVectors) {
        vote += taskVector[e];
      }
      double sum = 0;
      double weights = 0;
      for (int m = 0; m < models.size(); m++) {
        double v = taskVectors.get(m)[e];
        if (!elect || (vote >= 0 ? v > 0 : v < 0)) {
          sum += v;
          weights += models.get(m).weight;
        }
      }
      if (normalize) {
        sum /= Math.abs(weights) < 1e-8 ? 1 : weights;
      }
      merged[e] = base[e] + lambda * sum;
    }
    return merged;
  }

  private static double[] taskVector(float[] base, Model model, boolean rescale) {
    double[] taskVector = new double[base.length];
    double before = 0;
    double after = 0;
    for (int e = 0; e < base.length; e++) {
      double difference = difference(model.values, base, e);
      before += Math.abs(difference);
      taskVector[e] = model.kept[e] ? difference : 0;
      after += Math.abs(taskVector[e]);
    }
    double factor = rescale && before >= 1e-7 && after >= 1e-7 ? before / after : 1;
    return Arrays.stream(taskVector).map(v -> model.weight * factor * v).toArray();
  }

  /** Rounded to float32: that is what is ranked, and decides what is equal. */
  private static float difference(float[] values, float[] base, int e) {
    return values[e] - base[e];
  }

  public static boolean[] all(int count) {
    boolean[] kept = new boolean[count];
    Arrays.fill(kept, true);
    return kept;
  }

  /**
   * So many of the largest differences to the base; see {@link #largest(double[], long,
   * RandomStream)}.
   */
  public static boolean[] largest(float[] base, float[] values, long keep, RandomStream draws) {
    double[] magnitudes = new double[base.length];
    for (int e = 0; e < base.length; e++) {
      magnitudes[e] = Math.abs(difference(values, base, e));
    }
    return largest(magnitudes, keep, draws);
  }

  /**
   * So many of the largest numbers; of those equal to the smallest of them each by its draw, with
   * the share that is left.
   */
  public static boolean[] largest(double[] numbers, long keep, RandomStream draws) {
    boolean[] kept = new boolean[numbers.length];
    if (keep == 0) {
      return kept;
    }
    double[] ascending = numbers.clone();
    Arrays.sort(ascending);
    double threshold = ascending[ascending.length - (int) keep];
    long above = Arrays.stream(numbers).filter(number -> number > threshold).count();
    long equal = Arrays.stream(numbers).filter(number -> number == threshold).count();
    double share = (double) (keep - above) / equal;
    for (int e = 0; e < kept.length; e++) {
      boolean isDrawn = share == 1 || RandomDrop.of(draws, share).keeps(e);
      kept[e] = numbers[e] > threshold || (numbers[e] == threshold && isDrawn);
    }
    return kept;
  }

  public static boolean[] drawn(int count, RandomDrop drop) {
    boolean[] kept = new boolean[count];
    for (int e = 0; e < count; e++) {
      kept[e] = drop.keeps(e);
    }
    return kept;
  }
}
