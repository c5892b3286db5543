package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.AND;
import static dev.stockpot.kernels.rapids.BinaryOperation.EQUAL;
import static dev.stockpot.kernels.rapids.BinaryOperation.LESS;
import static dev.stockpot.kernels.rapids.BinaryOperation.MULTIPLY;
import static dev.stockpot.kernels.rapids.BinaryOperation.SHIFT_LEFT;
import static dev.stockpot.kernels.rapids.BinaryOperation.SHIFT_RIGHT;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT32;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT64;
import static dev.stockpot.kernels.rapids.ColumnType.UINT16;
import static dev.stockpot.kernels.rapids.ColumnType.UINT32;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.rapids.cudf.Gpu;
import java.util.List;
import java.util.function.Consumer;

/**
 * How fast single operations of a device are, by the bytes that {@link JavaDevice} says they move:
 * an operation with a rate far below the others' moves more than {@link DeviceTraffic} knows of.
 */
final class OperationRates {
  private static final int REPEATS = 10;
  private static final int MODEL_ROWS = 1 << 20;
  private static final int FEW_ROWS = 1 << 10;

  private OperationRates() {}

  /** What operations work on. */
  private record Columns(Scratch s, Column x, Column digits, Column few, Column table) {
    static Columns of(Scratch s, int rows) {
      Column numbers = s.own(s.device().sequence(1, rows));
      Column positive = s.binary(AND, numbers, Literal.uint32(0x3FFFFFFF), UINT32);
      Column digits = s.binary(SHIFT_RIGHT, numbers, Literal.uint32(9), UINT16);
      return new Columns(
          s,
          s.bits(positive, FLOAT32),
          digits,
          s.is(EQUAL, digits, Literal.uint16(77)),
          s.own(s.device().uploadFloats(new float[1 << 16], 1 << 16)));
    }

    Columns in(Scratch other) {
      return new Columns(other, x, digits, few, table);
    }

    Device device() {
      return s.device();
    }
  }

  private record Operation(String name, Consumer<Columns> work) {}

  private static final List<Operation> OPERATIONS =
      List.of(
          new Operation(
              "multiply float32 by a number",
              it -> it.s.binary(MULTIPLY, it.x, Literal.of(0.3f), FLOAT32)),
          new Operation("add float32", it -> it.s.binary(ADD, it.x, it.x, FLOAT32)),
          new Operation(
              "multiply float32 to float64", it -> it.s.binary(MULTIPLY, it.x, it.x, FLOAT64)),
          new Operation("compare float32", it -> it.s.is(LESS, it.x, Literal.of(1))),
          new Operation(
              "select float32 or a number", it -> it.s.select(it.few, it.x, Literal.of(0))),
          new Operation(
              "widen 16 bits",
              it -> it.s.binary(SHIFT_LEFT, it.digits, Literal.uint32(16), UINT32)),
          new Operation(
              "gather from a small table", it -> it.s.own(it.device().gather(it.table, it.digits))),
          new Operation("filter a few", it -> it.s.own(it.device().filter(it.x, it.few))),
          new Operation("count a mask", it -> it.device().count(it.few)),
          new Operation("join masks", it -> it.s.own(it.device().joined(it.few, it.few))),
          new Operation("histogram of 16 bits", it -> it.device().histogram(it.digits)),
          new Operation("round to bfloat16", it -> Narrowing.toBfloat16(it.s, it.x)),
          new Operation("put in the order of sums", OperationRates::order),
          new Operation(
              "sort 64 bits",
              it ->
                  it.s.own(
                      it.device().sorted(it.s.cast(it.s.bits(it.x, UINT32), ColumnType.UINT64)))),
          new Operation(
              "multiply 1024 numbers: what a start costs",
              it -> it.s.binary(MULTIPLY, it.s.slice(it.x, 0, FEW_ROWS), Literal.of(2), FLOAT32)));

  /** With the map that is made once for all tiles of one size. */
  private static void order(Columns columns) {
    try (LaneOrder order = new LaneOrder(columns.device())) {
      columns.s.own(order.of(columns.x, new Block(0, 0, columns.x.rows())));
    }
  }

  static void print(PinnedMemory pinned, int rows) {
    System.out.println(
        "\n| operation | microseconds | GB/s of its memory |\n| --- | ---: | ---: |");
    try (Device device = Gpu.device(pinned);
        Scratch s = new Scratch(device)) {
      Columns columns = Columns.of(s, rows);
      for (Operation operation : OPERATIONS) {
        double seconds = seconds(operation, columns);
        System.out.printf(
            "| %s | %.0f | %.0f |%n",
            operation.name, seconds * 1e6, bytesMoved(operation) * rows / seconds / 1e9);
      }
    }
  }

  private static double seconds(Operation operation, Columns columns) {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < REPEATS; i++) {
      try (Scratch s = new Scratch(columns.device())) {
        long start = System.nanoTime();
        operation.work.accept(columns.in(s));
        s.device().count(s.own(s.device().filled(Literal.FALSE, 1))); // waits for the rest
        best = Math.min(best, (System.nanoTime() - start) / 1e9);
      }
    }
    return best;
  }

  /** Of each row. */
  private static double bytesMoved(Operation operation) {
    ModelMemory memory = new ModelMemory();
    try (Device device = new JavaDevice(memory);
        Scratch s = new Scratch(device)) {
      Columns columns = Columns.of(s, MODEL_ROWS);
      long before = memory.moved();
      operation.work.accept(columns);
      return (double) (memory.moved() - before) / MODEL_ROWS;
    }
  }
}
