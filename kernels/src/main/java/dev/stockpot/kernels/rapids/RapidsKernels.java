package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.DIVIDE;
import static dev.stockpot.kernels.rapids.BinaryOperation.EQUAL;
import static dev.stockpot.kernels.rapids.BinaryOperation.MULTIPLY;
import static dev.stockpot.kernels.rapids.BinaryOperation.NOT_EQUAL;
import static dev.stockpot.kernels.rapids.BinaryOperation.SUBTRACT;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT32;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT64;

import dev.stockpot.kernels.Block;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.LaneSum;
import dev.stockpot.kernels.MagnitudeCounts;
import dev.stockpot.kernels.MagnitudeRange;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.RandomDrop;
import dev.stockpot.kernels.RankedDrop;
import dev.stockpot.kernels.Sampling;
import dev.stockpot.kernels.SortingNetwork;
import dev.stockpot.kernels.scalar.SoftmaxDivergence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The vector algebra as column operations. Owns all memory it takes on the device, and returns it
 * when it is closed, whatever happened before.
 */
final class RapidsKernels implements Kernels<DeviceVector> {
  private static final Literal ZERO = Selections.ZERO;

  private final Device device;
  private final Runnable closed;
  private final long memory;
  private final int elements;
  private final Conversions conversions;
  private final LaneOrder order;
  private final Optional<DrawnMasks> masks;
  private final List<DeviceVector> vectors = new ArrayList<>();
  private Block block = new Block(0, 0, 0);
  private Optional<ChosenRuns> chosen = Optional.empty();

  /**
   * @param memory bytes of the device that this task may take
   * @param elements least capacity
   * @param keptBytes of operands that are loaded once and kept; 0 for none
   * @param closed what to do when all memory has been returned
   */
  RapidsKernels(Device device, long memory, int elements, long keptBytes, Runnable closed) {
    this.device = device;
    this.memory = memory - keptBytes;
    this.elements = (elements + LaneSum.LANES - 1) / LaneSum.LANES * LaneSum.LANES;
    this.conversions = new Conversions(device, keptBytes > 0);
    this.order = new LaneOrder(device);
    this.masks = keptBytes > 0 ? Optional.of(new DrawnMasks(device)) : Optional.empty();
    this.closed = closed;
  }

  /** A calculation over columns. */
  @FunctionalInterface
  private interface Formula {
    Column of(Scratch scratch);
  }

  /** Sets a vector to the result; where that fails, the vector stays as it is. */
  private void set(DeviceVector into, Formula formula) {
    if (block.count() > 0) {
      try (Scratch scratch = new Scratch(device)) {
        into.set(scratch.released(formula.of(scratch)));
      }
    }
  }

  @Override
  public int capacity() {
    return Math.max(elements, TilePlan.elements(memory, vectors.size()));
  }

  @Override
  public DeviceVector vector() {
    DeviceVector vector = new DeviceVector();
    vectors.add(vector);
    return vector;
  }

  @Override
  public void returnVectors() {
    vectors.forEach(DeviceVector::close);
    vectors.clear();
  }

  @Override
  public void begin(Block next) {
    block = next;
  }

  @Override
  public void eachChosen(Block from, Sampling sampling, Consumer<Block> work) {
    try (Scratch s = new Scratch(device)) {
      chosen = ChosenRuns.of(s, from, sampling);
      if (chosen.isPresent()) {
        begin(chosen.get().asBlock());
        work.accept(block);
      } else {
        Kernels.super.eachChosen(from, sampling, work);
      }
    } finally {
      chosen = Optional.empty();
    }
  }

  @Override
  public void load(Operand from, DeviceVector into) {
    set(into, s -> loaded(s, from));
  }

  private Column loaded(Scratch s, Operand from) {
    return s.own(conversions.load(from, block, chosen));
  }

  @Override
  public void load(float[] from, DeviceVector into) {
    set(into, s -> s.own(device.uploadFloats(from, block.count())));
  }

  @Override
  public void store(DeviceVector from, Operand to) {
    if (block.count() > 0) {
      conversions.store(from.column(), to, block);
    }
  }

  @Override
  public void loadDifference(Operand from, DeviceVector origin, DeviceVector into) {
    set(into, s -> s.binary(SUBTRACT, loaded(s, from), origin.column(), FLOAT32));
  }

  @Override
  public void addScaled(Operand from, float weight, DeviceVector into) {
    set(
        into,
        s -> {
          Column loaded = loaded(s, from);
          Column scaled = s.binary(MULTIPLY, loaded, Literal.of(weight), FLOAT32);
          s.drop(loaded);
          return s.binary(ADD, into.column(), scaled, FLOAT32);
        });
  }

  @Override
  public void zero(DeviceVector into) {
    int count = block.count();
    if (count > 0) {
      into.setZero(() -> device.filled(ZERO, count));
    }
  }

  @Override
  public void add(DeviceVector a, DeviceVector b, DeviceVector into) {
    set(into, s -> b.isZero() ? plus(s, b, a.column()) : plus(s, a, b.column()));
  }

  /** Zero is added as a number, which makes zeros of negative ones, as a column of zeros does. */
  private static Column plus(Scratch s, DeviceVector a, Column b) {
    return a.isZero() ? s.binary(ADD, b, ZERO, FLOAT32) : s.binary(ADD, a.column(), b, FLOAT32);
  }

  @Override
  public void subtract(DeviceVector a, DeviceVector b, DeviceVector into) {
    set(into, s -> s.binary(SUBTRACT, a.column(), b.column(), FLOAT32));
  }

  @Override
  public void multiply(DeviceVector a, DeviceVector b, DeviceVector into) {
    set(into, s -> s.binary(MULTIPLY, a.column(), b.column(), FLOAT32));
  }

  @Override
  public void scale(DeviceVector a, float factor, DeviceVector into) {
    if (factor != 1 || a != into) {
      set(into, s -> factor == 1 ? same(s, a) : times(s, a, factor));
    }
  }

  private static Column times(Scratch s, DeviceVector a, float factor) {
    return s.binary(MULTIPLY, a.column(), Literal.of(factor), FLOAT32);
  }

  /** A view, so that each vector has a column of its own to close. */
  private static Column same(Scratch s, DeviceVector a) {
    return s.bits(a.column(), FLOAT32);
  }

  @Override
  public void divide(DeviceVector a, float divisor, DeviceVector into) {
    set(into, s -> s.binary(DIVIDE, a.column(), Literal.of(divisor), FLOAT32));
  }

  @Override
  public void divideUnlessZero(DeviceVector a, DeviceVector b, DeviceVector into) {
    set(
        into,
        s -> {
          Column isZero = s.is(EQUAL, b.column(), ZERO);
          Column divisor = s.binary(ADD, b.column(), isZero, FLOAT32); // there it is 1
          s.drop(isZero);
          return s.binary(DIVIDE, a.column(), divisor, FLOAT32);
        });
  }

  @Override
  public void limit(DeviceVector a, float bound, DeviceVector into) {
    set(into, s -> Extremes.limited(s, a.column(), bound));
  }

  @Override
  public void min(DeviceVector a, DeviceVector b, DeviceVector into) {
    set(into, s -> Extremes.least(s, a.column(), b.column()));
  }

  @Override
  public void max(DeviceVector a, DeviceVector b, DeviceVector into) {
    set(into, s -> Extremes.most(s, a.column(), b.column()));
  }

  @Override
  public void sort(SortingNetwork network, List<DeviceVector> vectors) {
    if (block.count() == 0) {
      return;
    }
    try (Scratch s = new Scratch(device)) {
      List<DeviceVector> sorted = vectors.subList(0, network.places());
      List<Column> columns =
          Sorting.sorted(s, network, sorted.stream().map(DeviceVector::column).toList());
      for (int i = 0; i < columns.size(); i++) {
        sorted.get(network.begin() + i).set(s.released(columns.get(i)));
      }
    }
  }

  @Override
  public void largest(DeviceVector a, DeviceVector b, DeviceVector into) {
    set(into, s -> Selections.larger(s, a.column(), b.column()));
  }

  @Override
  public int keepLargest(DeviceVector a, float threshold, long ties, DeviceVector into) {
    int[] kept = new int[1];
    set(
        into,
        s -> {
          Selections.Kept largest = Selections.largest(s, a.column(), threshold, ties);
          kept[0] = largest.ties();
          return largest.column();
        });
    return kept[0];
  }

  @Override
  public void keepFrom(DeviceVector a, float threshold, DeviceVector into) {
    set(into, s -> Selections.from(s, a.column(), threshold));
  }

  @Override
  public void keepAtRandom(DeviceVector a, RandomDrop drop, DeviceVector into) {
    set(into, s -> s.select(drawn(s, drop), a.column(), ZERO));
  }

  private Column drawn(Scratch s, RandomDrop drop) {
    return masks.isPresent() ? masks.get().of(drop, block) : Draws.kept(s, drop, block);
  }

  @Override
  public void keepAtRandomByRank(DeviceVector a, RankedDrop drop, DeviceVector into) {
    set(into, s -> Ranks.kept(s, a.column(), drop, block));
  }

  @Override
  public void keepSign(DeviceVector a, DeviceVector sign, DeviceVector into) {
    set(into, s -> Selections.sameSign(s, a.column(), sign.column()));
  }

  @Override
  public void keepWhereNotZero(DeviceVector a, DeviceVector mask, DeviceVector into) {
    set(into, s -> s.select(s.is(NOT_EQUAL, mask.column(), ZERO), a.column(), ZERO));
  }

  @Override
  public void addWhereNotZero(DeviceVector a, float weight, DeviceVector into) {
    set(
        into,
        s -> {
          Column more = s.binary(ADD, into.column(), Literal.of(weight), FLOAT32);
          return s.select(s.is(EQUAL, a.column(), ZERO), into.column(), more);
        });
  }

  @Override
  public void addElected(DeviceVector a, DeviceVector sum, DeviceVector merged) {
    set(merged, s -> plus(s, merged, Selections.elected(s, a, sum)));
  }

  @Override
  public void addElected(
      DeviceVector a, DeviceVector sum, float weight, DeviceVector merged, DeviceVector weights) {
    if (!Float.isFinite(weight)) { // it cannot be multiplied by zero
      Kernels.super.addElected(a, sum, weight, merged, weights);
    } else if (block.count() > 0) {
      try (Scratch s = new Scratch(device)) {
        Column elected = Selections.elected(s, a, sum);
        Column isElected = s.is(NOT_EQUAL, elected, ZERO);
        Column more = s.binary(MULTIPLY, isElected, Literal.of(weight), FLOAT32);
        s.drop(isElected);
        Column newWeights = plus(s, weights, more);
        s.drop(more);
        Column newMerged = plus(s, merged, elected);
        weights.set(s.released(newWeights));
        merged.set(s.released(newMerged));
      }
    }
  }

  @Override
  public void addProducts(DeviceVector a, DeviceVector b, LaneSum sum) {
    reduce(
        s -> {
          Column ofA = a.ordered(order, block);
          Column products = s.binary(MULTIPLY, ofA, b.ordered(order, block), FLOAT64);
          Reductions.add(s, products, block, sum);
        });
  }

  @Override
  public void addProducts(DeviceVector a, DeviceVector b, double[] sums) {
    reduce(
        s -> {
          double[] products =
              device.downloadDoubles(s.binary(MULTIPLY, a.column(), b.column(), FLOAT64));
          for (int i = 0; i < products.length; i++) {
            sums[i] += products[i];
          }
        });
  }

  @Override
  public void addMagnitudes(DeviceVector a, LaneSum sum) {
    reduce(s -> Reductions.add(s, Selections.absolute(s, a.ordered(order, block)), block, sum));
  }

  @Override
  public double divergence(DeviceVector a, DeviceVector b) {
    if (block.count() == 0) {
      return new SoftmaxDivergence().of(new float[0], new float[0], 0);
    }
    float[] first = device.downloadFloats(a.column());
    float[] second = device.downloadFloats(b.column());
    return new SoftmaxDivergence().of(first, second, block.count());
  }

  @Override
  public int[] countEqual(DeviceVector a, float magnitude) {
    int[][] counts = {{0}};
    reduce(
        s -> counts[0] = Reductions.counts(s, Selections.equalTo(s, a.column(), magnitude), block));
    return counts[0];
  }

  @Override
  public int[] countEqual(DeviceVector a, MagnitudeRange one) {
    int[][] counts = {{0}};
    reduce(s -> counts[0] = Reductions.countEqual(s, a.column(), one, block));
    return counts[0];
  }

  @Override
  public void count(DeviceVector a, MagnitudeCounts counts) {
    reduce(s -> Reductions.count(s, a.column(), counts));
  }

  @Override
  public void count(DeviceVector a, MagnitudeRange range) {
    reduce(s -> Reductions.count(s, a.column(), range));
  }

  private void reduce(Consumer<Scratch> reduction) {
    if (block.count() > 0) {
      try (Scratch scratch = new Scratch(device)) {
        reduction.accept(scratch);
      }
    }
  }

  @Override
  public void close() {
    try {
      returnVectors();
      order.close();
      masks.ifPresent(DrawnMasks::close);
      conversions.close();
      device.close();
    } finally {
      closed.run();
    }
  }
}
