package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.EQUAL;
import static dev.stockpot.kernels.rapids.BinaryOperation.MULTIPLY;
import static dev.stockpot.kernels.rapids.BinaryOperation.NOT_EQUAL;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT32;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT64;

import dev.stockpot.kernels.random.RandomDrop;
import dev.stockpot.kernels.random.RankedDrop;
import dev.stockpot.kernels.statistic.LaneSum;
import dev.stockpot.kernels.statistic.MagnitudeCounts;
import dev.stockpot.kernels.statistic.MagnitudeRange;
import java.util.Optional;

/** The vector algebra as column operations: what is dropped, and what is summed and counted. */
final class RapidsKernels extends ElementColumns {
  private static final Literal ZERO = Selections.ZERO;

  private final LaneOrder ofLanes;
  private final StepOrder ofColumns;
  private final StepOrder ofRows;
  private final Optional<DrawnMasks> masks;

  /**
   * @param memory bytes of the device that this task may take
   * @param elements least capacity
   * @param keptBytes of operands that are loaded once and kept; 0 for none
   * @param closed what to do when all memory has been returned
   */
  RapidsKernels(Device device, long memory, int elements, long keptBytes, Runnable closed) {
    super(device, memory, elements, keptBytes, closed);
    this.ofLanes = new LaneOrder(device);
    this.ofColumns = StepOrder.ofColumns(device);
    this.ofRows = StepOrder.ofRows(device);
    this.masks = keptBytes > 0 ? Optional.of(new DrawnMasks(device)) : Optional.empty();
  }

  @Override
  public void keepAbove(DeviceVector a, float threshold, DeviceVector into) {
    set(into, s -> Selections.above(s, a.column(), threshold));
  }

  @Override
  public void keepLargest(DeviceVector a, float threshold, RandomDrop ofEqual, DeviceVector into) {
    set(into, s -> Selections.largest(s, a.column(), threshold, ofEqual, block()));
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
    return masks.isPresent() ? masks.get().of(drop, block()) : Draws.kept(s, drop, block());
  }

  @Override
  public void keepAtRandomByRank(DeviceVector a, RankedDrop drop, DeviceVector into) {
    set(into, s -> Ranks.kept(s, a.column(), drop, block()));
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
      super.addElected(a, sum, weight, merged, weights);
    } else if (block().count() > 0) {
      try (Scratch s = new Scratch(device())) {
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
    reduce(s -> Reductions.add(s, products(s, a, b, ofLanes), block(), sum));
  }

  /** In the order in which they are summed. */
  private Column products(Scratch s, DeviceVector a, DeviceVector b, SumOrder order) {
    Column ofA = a.ordered(order, block());
    return s.binary(MULTIPLY, ofA, b.ordered(order, block()), FLOAT64);
  }

  @Override
  public double[] productsOfRows(DeviceVector a, DeviceVector b) {
    double[][] sums = {new double[block().rows()]};
    reduce(s -> sums[0] = Reductions.ofRows(s, products(s, a, b, ofLanes), block()));
    return sums[0];
  }

  @Override
  public void addProducts(DeviceVector a, DeviceVector b, double[][] sums) {
    reduce(
        s -> {
          double[] found = ofColumns.sums(s, products(s, a, b, ofColumns), block());
          int columns = block().rowOrAll();
          for (int i = 0; i < found.length; i++) {
            sums[i / columns][i % columns] += found[i];
          }
        });
  }

  @Override
  public void addMagnitudes(DeviceVector a, LaneSum sum) {
    reduce(
        s -> Reductions.add(s, Selections.absolute(s, a.ordered(ofLanes, block())), block(), sum));
  }

  @Override
  public double[] divergencesOfRows(DeviceVector a, DeviceVector b) {
    double[][] divergences = {{Double.NaN}}; // of nothing
    reduce(s -> divergences[0] = new Divergences(s, ofRows, block()).of(a.column(), b.column()));
    return divergences[0];
  }

  @Override
  public int countEqual(DeviceVector a, float magnitude) {
    int[] equal = {0};
    reduce(s -> equal[0] = s.device().count(Selections.equalTo(s, a.column(), magnitude)));
    return equal[0];
  }

  @Override
  public void count(DeviceVector a, MagnitudeCounts counts) {
    reduce(s -> Reductions.count(s, a.column(), counts));
  }

  @Override
  public void count(DeviceVector a, MagnitudeRange range) {
    reduce(s -> Reductions.count(s, a.column(), range));
  }

  @Override
  void closeKept() {
    ofLanes.close();
    ofColumns.close();
    ofRows.close();
    masks.ifPresent(DrawnMasks::close);
  }
}
