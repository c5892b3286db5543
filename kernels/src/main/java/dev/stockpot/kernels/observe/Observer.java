package dev.stockpot.kernels.observe;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Sampling;
import dev.stockpot.kernels.observe.Figures.Magnitudes;
import dev.stockpot.kernels.statistic.KeptTally;
import dev.stockpot.kernels.statistic.LaneSum;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Looks at a sample of a slice's elements, while its inputs and its result are in memory.
 *
 * @param <V> the vector of its kernels, which run on the processor: what it looks at is short
 */
public final class Observer<V> {
  private static final int NONE = -1;

  private final Kernels<V> kernels;
  private final Viewpoint view;
  private final Sampling sampling;
  private final V base;
  private final List<V> vectors = new ArrayList<>();
  private final List<MagnitudeCounts> magnitudes = new ArrayList<>();
  private final V most;
  private final V least;
  private final V scratch;
  private final LaneSum[] sums;
  private double[] partials = new double[0];
  private int reduction = NONE;
  private long elements;
  private long sampled;

  /** Borrows the vectors it works with. */
  public Observer(Kernels<V> kernels, Viewpoint view, Sampling sampling) {
    this.kernels = kernels;
    this.view = view;
    this.sampling = sampling;
    base = kernels.vector();
    for (int i = 0; i < view.vectors(); i++) {
      vectors.add(kernels.vector());
      magnitudes.add(new MagnitudeCounts(MagnitudeCounts.ALL_BINS));
    }
    most = kernels.vector();
    least = kernels.vector();
    scratch = kernels.vector();
    sums = new LaneSum[view.sums()];
    Arrays.setAll(sums, i -> new LaneSum());
  }

  /**
   * Looks at a chunk. Chunks come in order, and are cut between runs.
   *
   * @param result the merged elements, if the viewpoint has them
   */
  public void observe(Block chunk, List<Operand> inputs, Optional<Operand> result) {
    elements += chunk.count();
    sampling.each(chunk, block -> look(block, inputs, result));
  }

  private void look(Block block, List<Operand> inputs, Optional<Operand> result) {
    if (block.reduction() != reduction) {
      endReduction();
      reduction = block.reduction();
    }
    sampled += block.count();
    kernels.begin(block);
    load(inputs, result);
    for (int a = 0; a < vectors.size(); a++) {
      for (int b = a; b < vectors.size(); b++) {
        kernels.addProducts(vectors.get(a), vectors.get(b), sums[view.product(a, b)]);
      }
      kernels.count(vectors.get(a), magnitudes.get(a));
    }
    if (view.hasBase()) {
      kernels.addProducts(base, base, sums[view.baseSquare()]);
    }
    if (view.hasConflicts()) {
      countConflicts();
    }
    if (view.hasResult()) {
      addDistances();
    }
  }

  private void load(List<Operand> inputs, Optional<Operand> result) {
    List<Operand> observed = new ArrayList<>();
    view.models().forEach(model -> observed.add(inputs.get(model)));
    result.ifPresent(observed::add);
    if (view.hasBase()) {
      kernels.load(inputs.get(view.base()), base);
    }
    for (int i = 0; i < observed.size(); i++) {
      if (view.hasBase()) {
        kernels.loadDifference(observed.get(i), base, vectors.get(i));
      } else {
        kernels.load(observed.get(i), vectors.get(i));
      }
    }
  }

  /** An element is in conflict if its largest change is above zero and its smallest below. */
  private void countConflicts() {
    kernels.max(vectors.get(0), vectors.get(1), most);
    kernels.min(vectors.get(0), vectors.get(1), least);
    for (int i = 2; i < view.modelCount(); i++) {
      kernels.max(most, vectors.get(i), most);
      kernels.min(least, vectors.get(i), least);
    }
    kernels.keepSign(most, least, scratch);
    kernels.subtract(most, scratch, most);
    kernels.zero(scratch);
    kernels.addWhereNotZero(most, 1, scratch);
    kernels.addProducts(scratch, scratch, sums[view.conflicts()]);
  }

  private void addDistances() {
    V result = vectors.get(vectors.size() - 1);
    for (int i = 0; i < view.modelCount(); i++) {
      kernels.subtract(vectors.get(i), result, scratch);
      kernels.addProducts(scratch, scratch, sums[view.distance(i)]);
    }
  }

  private void endReduction() {
    if (reduction == NONE) {
      return;
    }
    int end = partials.length;
    partials = Arrays.copyOf(partials, end + sums.length);
    for (LaneSum sum : sums) {
      partials[end++] = sum.take();
    }
  }

  /**
   * What was seen in all chunks.
   *
   * @param kept what drops left of the same chunks
   */
  public Observation found(KeptTally kept) {
    endReduction();
    reduction = NONE;
    return new Observation(
        view,
        elements,
        sampled,
        partials,
        magnitudes.stream().map(Magnitudes::of).toList(),
        kept.elements(),
        kept.kept());
  }

  /**
   * What is compared with what. The vectors are the models, then the result if there is one: each
   * as its difference to the base, where there is a base, else as it is.
   *
   * @param inputs how many there are
   * @param base place of the base among them, or {@link #NO_BASE}
   * @param hasResult whether the merged tensor is observed too
   */
  public record Viewpoint(int inputs, int base, boolean hasResult) implements Serializable {
    public static final int NO_BASE = -1;

    public Viewpoint {
      if (base < NO_BASE || base >= inputs) {
        throw new IllegalArgumentException("base is input %s of %s".formatted(base, inputs));
      }
    }

    public boolean hasBase() {
      return base != NO_BASE;
    }

    /** Places of the inputs that are not the base, in order. */
    public List<Integer> models() {
      return IntStream.range(0, inputs).filter(input -> input != base).boxed().toList();
    }

    int modelCount() {
      return hasBase() ? inputs - 1 : inputs;
    }

    /** How many vectors are compared; the last one is the result, if there is one. */
    public int vectors() {
      return modelCount() + (hasResult ? 1 : 0);
    }

    /** Whether models can pull in different directions. */
    public boolean hasConflicts() {
      return hasBase() && modelCount() > 1;
    }

    // places of the sums: products of vectors, then what follows

    int products() {
      return vectors() * (vectors() + 1) / 2;
    }

    /** Place of the product of two vectors, of which the upper triangle is kept row by row. */
    int product(int a, int b) {
      int low = Math.min(a, b);
      int high = Math.max(a, b);
      return low * vectors() - low * (low - 1) / 2 + high - low;
    }

    /** Place of the squared distance of a model from the result. */
    int distance(int model) {
      return products() + model;
    }

    /** Place of the base's square. */
    int baseSquare() {
      return products() + (hasResult ? modelCount() : 0);
    }

    /** Place of the number of conflicts. */
    int conflicts() {
      return baseSquare() + (hasBase() ? 1 : 0);
    }

    int sums() {
      return conflicts() + (hasConflicts() ? 1 : 0);
    }
  }
}
