package dev.stockpot.kernels.observe;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.statistic.PartialSums;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds what tells, without any data, whether models can be averaged: how long they are and how far
 * from each other; with a base, where task vectors are zero, and where two of them have one sign;
 * and how many units of one have the unit at the same place for the nearest of another.
 *
 * @param tensor its name
 * @param view which inputs there are
 * @param unit elements of a unit, such as a row; 0 if there is none
 */
public record KinshipScan(String tensor, KinshipView view, long unit) implements Scan {

  /** What was seen of tensors, by name. Those of different tensors add up to both. */
  public record Found(Map<String, KinshipSums> tensors) implements Statistic {
    public Found {
      tensors = Map.copyOf(tensors);
    }

    /**
     * What such scans found.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Found of(Statistic found) {
      if (!(found instanceof Found kinship)) {
        throw new IllegalArgumentException("%s tells of no kinship".formatted(found));
      }
      return kinship;
    }

    @Override
    public Found plus(Statistic next) {
      Map<String, KinshipSums> both = new HashMap<>(tensors);
      of(next).tensors.forEach((name, more) -> both.merge(name, more, KinshipSums::plus));
      return new Found(both);
    }
  }

  @Override
  public <V> BlockScan open(Kernels<V> kernels) {
    return new Looking<>(kernels);
  }

  /** At work on one slice. */
  private final class Looking<V> implements BlockScan {
    private final Kernels<V> kernels;
    private final List<V> models;
    private final V one;
    private final V other;
    private final V count;
    private final PartialSums.Builder sums = new PartialSums.Builder(view.sums());
    private final NearestUnits units = new NearestUnits(view, unit);
    private long elements;

    Looking(Kernels<V> kernels) {
      this.kernels = kernels;
      models = Stream.generate(kernels::vector).limit(view.models()).toList();
      one = kernels.vector();
      other = kernels.vector();
      count = kernels.vector();
    }

    @Override
    public void scan(Block block, List<Operand> operands) {
      elements += block.count();
      kernels.begin(block);
      sums.begin(block);
      for (int i = 0; i < view.models(); i++) {
        kernels.load(operands.get(i), models.get(i));
        kernels.addProducts(models.get(i), models.get(i), sums.sum(view.square(i)));
      }
      for (int i = 0; i < view.models(); i++) {
        for (int j = i + 1; j < view.models(); j++) {
          kernels.subtract(models.get(i), models.get(j), one);
          kernels.addProducts(one, one, sums.sum(view.distance(i, j)));
        }
      }
      if (view.hasBase()) {
        countSigns();
      }
      units.gather(block, operands);
    }

    /** The models become task vectors. */
    private void countSigns() {
      V base = models.get(view.base());
      for (int i : view.tuned()) {
        kernels.subtract(models.get(i), base, models.get(i));
        count(models.get(i), view.changed(i));
      }
      for (int i : view.tuned()) {
        for (int j : view.tuned()) {
          if (i < j) {
            kernels.keepWhereNotZero(models.get(i), models.get(j), one);
            count(one, view.changedByBoth(i, j));
            kernels.keepSign(one, models.get(j), other);
            count(other, view.agreeing(i, j));
          }
        }
      }
    }

    /** Counts what is not zero. */
    private void count(V vector, int sum) {
      kernels.zero(count);
      kernels.addWhereNotZero(vector, 1, count);
      kernels.addProducts(count, count, sums.sum(sum));
    }

    @Override
    public Found found() {
      return new Found(
          Map.of(tensor, new KinshipSums(view, elements, sums.found(), units.found())));
    }
  }
}
