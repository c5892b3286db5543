package dev.stockpot.kernels.methods.matching;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;

/** Tensors and matrices in memory, all of which must have been given back at the end. */
abstract class MatchingCases {
  final RootAllocator memory = new RootAllocator();
  private final List<ArrowBuf> buffers = new ArrayList<>();
  final Matrices algebra = with(new ScalarProvider());

  Matrices with(KernelProvider provider) {
    return new Matrices(List.of(provider), memory, 1);
  }

  @AfterEach
  void giveBack() {
    algebra.close();
    buffers.forEach(ArrowBuf::close);
    memory.close();
  }

  Operand floats(double... values) {
    ArrowBuf buffer = memory.buffer(4L * values.length);
    buffers.add(buffer);
    Operand operand = new Operand(buffer, DType.F32, values.length);
    for (int i = 0; i < values.length; i++) {
      operand.floats().put(i, (float) values[i]);
    }
    return operand;
  }

  Operand random(int elements, long seed) {
    return floats(numbers(elements, seed));
  }

  static double[] numbers(int count, long seed) {
    Random random = new Random(seed);
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  Matrix matrix(double[][] rows) {
    Matrix matrix = algebra.zeros(rows.length, rows[0].length);
    for (int i = 0; i < rows.length; i++) {
      matrix.write(i, 0, rows[i], 0, rows[i].length);
    }
    return matrix;
  }

  /** A matrix of numbers that are likely to have one best order alone. */
  Matrix random(int rows, int columns, long seed) {
    double[] numbers = numbers(rows * columns, seed);
    Matrix matrix = algebra.zeros(rows, columns);
    for (int i = 0; i < rows; i++) {
      matrix.write(i, 0, numbers, i * columns, columns);
    }
    return matrix;
  }

  static List<Permutation> permutations(int size) {
    List<Permutation> all = new ArrayList<>();
    add(new int[size], 0, all);
    return all;
  }

  private static void add(int[] order, int place, List<Permutation> all) {
    if (place == order.length) {
      all.add(Permutation.of(order));
      return;
    }
    for (int next = 0; next < order.length; next++) {
      boolean isTaken = false;
      for (int before = 0; before < place; before++) {
        isTaken |= order[before] == next;
      }
      if (!isTaken) {
        order[place] = next;
        add(order, place + 1, all);
      }
    }
  }
}
