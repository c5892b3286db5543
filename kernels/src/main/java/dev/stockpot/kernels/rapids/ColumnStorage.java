package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.MULTIPLY;
import static dev.stockpot.kernels.rapids.BinaryOperation.SUBTRACT;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT32;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Sampling;
import dev.stockpot.kernels.statistic.LaneSum;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Vectors as columns: how they are made, filled, stored and returned. Owns all memory it takes on
 * the device, and returns it when it is closed, whatever happened before.
 */
abstract class ColumnStorage implements Kernels<DeviceVector> {
  private final Device device;
  private final Runnable closed;
  private final long memory;
  private final int elements;
  private final Conversions conversions;
  private final List<DeviceVector> vectors = new ArrayList<>();
  private Block block = new Block(0, 0, 0);
  private Optional<ChosenRuns> chosen = Optional.empty();

  /** See {@link RapidsKernels}. */
  ColumnStorage(Device device, long memory, int elements, long keptBytes, Runnable closed) {
    this.device = device;
    this.memory = memory - keptBytes;
    this.elements = (elements + LaneSum.LANES - 1) / LaneSum.LANES * LaneSum.LANES;
    this.conversions = new Conversions(device, keptBytes > 0);
    this.closed = closed;
  }

  /** A calculation over columns. */
  @FunctionalInterface
  interface Formula {
    Column of(Scratch scratch);
  }

  final Device device() {
    return device;
  }

  final Block block() {
    return block;
  }

  /** Sets a vector to the result; where that fails, the vector stays as it is. */
  final void set(DeviceVector into, Formula formula) {
    if (block.count() > 0) {
      try (Scratch scratch = new Scratch(device)) {
        into.set(scratch.released(formula.of(scratch)));
      }
    }
  }

  /** Finds something out, unless there is nothing to look at. */
  final void reduce(Consumer<Scratch> reduction) {
    if (block.count() > 0) {
      try (Scratch scratch = new Scratch(device)) {
        reduction.accept(scratch);
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
    conversions.begin();
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
    set(
        into,
        s -> {
          int row = block.rowOrAll();
          return Repeats.behind(s, s.own(device.uploadFloats(from, row)), block.rows());
        });
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
      into.setZero(() -> device.filled(Selections.ZERO, count));
    }
  }

  /** Returns what the kernels keep between operations, beside vectors. */
  abstract void closeKept();

  @Override
  public final void close() {
    try {
      returnVectors();
      closeKept();
      conversions.close();
      device.close();
    } finally {
      closed.run();
    }
  }
}
