package dev.stockpot.kernels.methods.widths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.rounding.SegmentRoundingPolicy;
import org.junit.jupiter.api.BeforeEach;

/** Runs programs on small matrices, by plain loops and by lanes, in the memory that they say. */
abstract class WidthCases {
  static final Map<String, Double> MEASURED = new HashMap<>();

  @BeforeEach
  void forget() {
    MEASURED.clear();
  }

  /** By plain loops and by lanes: the same bits, in the memory that the program says it takes. */
  static double[][] run(MatrixProgram program, int rows, int columns, double[][]... inputs) {
    double[][] plain = run(new ScalarProvider(), program, rows, columns, inputs);
    assertThat(run(new VectorProvider(), program, rows, columns, inputs)).isDeepEqualTo(plain);
    return plain;
  }

  static double[][] run(
      KernelProvider provider, MatrixProgram program, int rows, int columns, double[][]... inputs) {
    List<ArrowBuf> buffers = new ArrayList<>();
    try (RootAllocator memory = new RootAllocator(64 << 20);
        RootAllocator work =
            new RootAllocator(
                AllocationListener.NOOP, Long.MAX_VALUE, new SegmentRoundingPolicy(4096L))) {
      List<WholeTensor> tensors = new ArrayList<>();
      for (double[][] input : inputs) {
        tensors.add(tensor(memory, buffers, input));
      }
      WholeTensor output = tensor(memory, buffers, new double[rows][columns]);
      double[][] made = new double[rows][columns];
      try (Matrices algebra = new Matrices(List.of(provider), work, 1)) {
        program.make(algebra, tensors, output, MEASURED::put);
        assertThat(work.getPeakMemoryAllocation())
            .as("bytes of %s", program)
            .isLessThanOrEqualTo(program.demand().bytes());
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < columns; j++) {
            made[i][j] = output.at(i * columns + j);
          }
        }
      } finally {
        buffers.forEach(ArrowBuf::close);
      }
      return made;
    }
  }

  static WholeTensor tensor(RootAllocator memory, List<ArrowBuf> buffers, double[][] values) {
    int columns = values[0].length;
    ArrowBuf buffer = memory.buffer((long) values.length * columns * Double.BYTES);
    buffers.add(buffer);
    Operand operand = new Operand(buffer, DType.F64, values.length * columns);
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < columns; j++) {
        operand.doubles().put(i * columns + j, values[i][j]);
      }
    }
    return new WholeTensor(operand, Shape.of(values.length, columns));
  }

  static double[][] random(long seed, int rows, int columns) {
    Random random = new Random(seed);
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      for (int j = 0; j < columns; j++) {
        row[j] = random.nextGaussian();
      }
    }
    return values;
  }

  /** {@code a bᵀ}. */
  static double[][] times(double[][] a, double[][] b) {
    double[][] product = new double[a.length][b.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b.length; j++) {
        for (int k = 0; k < a[i].length; k++) {
          product[i][j] += a[i][k] * b[j][k];
        }
      }
    }
    return product;
  }

  static double[][] transposed(double[][] a) {
    double[][] turned = new double[a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        turned[j][i] = a[i][j];
      }
    }
    return turned;
  }

  static void assertNear(double[][] found, double[][] expected, double within) {
    assertThat(found).hasDimensions(expected.length, expected[0].length);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).containsExactly(expected[i], within(within));
    }
  }

  static double square(double[][] values) {
    double sum = 0;
    for (double[] row : values) {
      for (double value : row) {
        sum += value * value;
      }
    }
    return sum;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
