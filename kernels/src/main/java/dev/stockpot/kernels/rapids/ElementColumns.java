package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.DIVIDE;
import static dev.stockpot.kernels.rapids.BinaryOperation.EQUAL;
import static dev.stockpot.kernels.rapids.BinaryOperation.MULTIPLY;
import static dev.stockpot.kernels.rapids.BinaryOperation.SUBTRACT;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT32;

import dev.stockpot.kernels.SortingNetwork;
import java.util.List;

/** What is done element by element, as column operations. */
abstract class ElementColumns extends ColumnStorage {
  private static final Literal ZERO = Selections.ZERO;

  /** See {@link RapidsKernels}. */
  ElementColumns(Device device, long memory, int elements, long keptBytes, Runnable closed) {
    super(device, memory, elements, keptBytes, closed);
  }

  @Override
  public void add(DeviceVector a, DeviceVector b, DeviceVector into) {
    set(into, s -> b.isZero() ? plus(s, b, a.column()) : plus(s, a, b.column()));
  }

  /** Zero is added as a number, which makes zeros of negative ones, as a column of zeros does. */
  static Column plus(Scratch s, DeviceVector a, Column b) {
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
  public void scaleRows(DeviceVector a, float[] factors, DeviceVector into) {
    if (block().rows() == 1) {
      scale(a, factors[0], into);
      return;
    }
    set(
        into,
        s -> {
          Column ofRows = s.own(device().uploadFloats(factors, block().rows()));
          Column ofElements = s.own(device().repeated(ofRows, block().row()));
          return s.binary(MULTIPLY, a.column(), ofElements, FLOAT32);
        });
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
    if (block().count() == 0) {
      return;
    }
    try (Scratch s = new Scratch(device())) {
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
}
