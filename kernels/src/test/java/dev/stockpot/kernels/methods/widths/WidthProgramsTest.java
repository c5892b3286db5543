package dev.stockpot.kernels.methods.widths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.rounding.SegmentRoundingPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What carries rows between widths, on matrices whose answers are known. */
class WidthProgramsTest {
  /** By plain loops and by lanes: the same bits, in the memory that the program says it takes. */
  private static double[][] run(MatrixProgram program, int rows, int columns, double[][]... inputs) {
    double[][] plain = run(new ScalarProvider(), program, rows, columns, inputs);
    assertThat(run(new VectorProvider(), program, rows, columns, inputs)).isDeepEqualTo(plain);
    return plain;
  }

  private static double[][] run(
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
        program.make(algebra, tensors, output);
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

  private static WholeTensor tensor(
      RootAllocator memory, List<ArrowBuf> buffers, double[][] values) {
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

  private static double[][] random(long seed, int rows, int columns) {
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
  private static double[][] times(double[][] a, double[][] b) {
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

  private static double[][] transposed(double[][] a) {
    double[][] turned = new double[a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        turned[j][i] = a[i][j];
      }
    }
    return turned;
  }

  private static void assertNear(double[][] found, double[][] expected, double within) {
    assertThat(found).hasDimensions(expected.length, expected[0].length);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).containsExactly(expected[i], within(within));
    }
  }

  @Test
  void leastSquaresFindTheMapThatThereIs() {
    double[][] a = random(1, 50, 7);
    double[][] map = random(2, 4, 7);
    assertNear(
        run(WidthPrograms.leastSquares(50, 7, 4, 0), 4, 7, a, times(a, map)), map, 1e-9);
  }

  @Test
  void whatLeastSquaresLeaveIsOrthogonalToTheInputs() {
    double[][] a = random(3, 40, 5);
    double[][] b = random(4, 40, 6);
    double[][] map = run(WidthPrograms.leastSquares(40, 5, 6, 0), 6, 5, a, b);
    double[][] left = times(a, map);
    for (int i = 0; i < 40; i++) {
      for (int j = 0; j < 6; j++) {
        left[i][j] -= b[i][j];
      }
    }
    assertNear(times(transposed(a), transposed(left)), new double[5][6], 1e-9);
  }

  @Test
  void aRidgeShrinksTheMap() {
    double[][] a = random(1, 50, 7);
    double[][] b = times(a, random(2, 4, 7));
    double free = square(run(WidthPrograms.leastSquares(50, 7, 4, 0), 4, 7, a, b));
    double held = square(run(WidthPrograms.leastSquares(50, 7, 4, 1), 4, 7, a, b));
    assertThat(held).isLessThan(free / 2).isPositive();
  }

  private static double square(double[][] values) {
    double sum = 0;
    for (double[] row : values) {
      for (double value : row) {
        sum += value * value;
      }
    }
    return sum;
  }

  @Test
  void sumsOfProductsGiveTheSameMap() {
    double[][] a = random(5, 60, 6);
    double[][] b = random(6, 60, 3);
    double[][] gram = times(transposed(a), transposed(a));
    double[][] cross = times(transposed(a), transposed(b));
    assertNear(
        run(WidthPrograms.ofProducts(6, 3, 0), 3, 6, gram, cross),
        run(WidthPrograms.leastSquares(60, 6, 3, 0), 3, 6, a, b),
        1e-9);
  }

  @Test
  void procrustesFindsARotation() {
    double[][] a = random(7, 30, 2);
    double angle = 0.7;
    double[][] turn = {
      {Math.cos(angle), -Math.sin(angle)}, {Math.sin(angle), Math.cos(angle)}
    };
    double[][] found = run(WidthPrograms.procrustes(30, 2), 2, 2, a, times(a, turn));
    assertNear(found, turn, 1e-9);
    double[][] noisy = run(WidthPrograms.procrustes(30, 2), 2, 2, a, random(8, 30, 2));
    assertNear(times(noisy, noisy), new double[][] {{1, 0}, {0, 1}}, 1e-9);
  }

  @Test
  void productsAreProducts() {
    double[][] a = random(1, 3, 5);
    double[][] b = random(2, 5, 4);
    assertNear(
        run(WidthPrograms.product(3, 5, 4), 3, 4, a, b), times(a, transposed(b)), 1e-12);
  }

  @Test
  void whatIsExplainedIsAShare() {
    double[][] a = random(1, 50, 7);
    double[][] map = random(2, 4, 7);
    double[][] b = times(a, map);
    MatrixProgram program = WidthPrograms.explained(50, 7, 4);
    assertThat(run(program, 1, 1, a, b, map)[0][0]).isCloseTo(1, within(1e-12));
    double[][] noise = random(9, 50, 4);
    double[][] fit = run(WidthPrograms.leastSquares(50, 7, 4, 0), 4, 7, a, noise);
    assertThat(run(program, 1, 1, a, noise, fit)[0][0]).isBetween(0.0, 0.5);
    assertThatThrownBy(() -> run(program, 1, 1, a, new double[50][4], map))
        .hasMessageContaining("all rows that are to be met are the same");
  }

  @Test
  void allAnchorsTogetherGiveAnyRow() {
    double[][] anchors = random(1, 6, 6);
    double[][] wanted = random(2, 70, 6); // more than are worked on at once
    double[][] map = random(3, 9, 6);
    double[][] made =
        run(
            WidthPrograms.matchingPursuit(70, 6, 6, 9, 6),
            70,
            9,
            wanted,
            anchors,
            times(anchors, map));
    assertNear(made, times(wanted, map), 1e-7);
  }

  @Test
  void anAnchorIsItself() {
    double[][] unit = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    double[][] made =
        run(
            WidthPrograms.matchingPursuit(2, 3, 3, 2, 2),
            2,
            2,
            new double[][] {{0, 2, 0}, {1, 0, 3}},
            unit,
            new double[][] {{1, 1}, {10, 20}, {5, 7}});
    assertNear(made, new double[][] {{20, 40}, {16, 22}}, 1e-12);
  }

  /** Beside a search through all pairs: the first anchor has the largest inner product. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void pursuitIsGreedyAndOrthogonal(long seed) {
    double[][] there = random(seed, 30, 10);
    double[][] wanted = random(seed + 10, 5, 10);
    double[][] identity = new double[30][30];
    for (int i = 0; i < 30; i++) {
      identity[i][i] = 1;
    }
    double[][] coefficients =
        run(WidthPrograms.matchingPursuit(5, 30, 10, 30, 4), 5, 30, wanted, there, identity);
    double[][] met = times(coefficients, transposed(there));
    for (int i = 0; i < 5; i++) {
      int used = 0;
      int best = 0;
      double[] left = new double[10];
      for (int j = 0; j < 10; j++) {
        left[j] = wanted[i][j] - met[i][j];
      }
      for (int a = 0; a < 30; a++) {
        used += coefficients[i][a] != 0 ? 1 : 0;
        if (Math.abs(dot(wanted[i], there[a])) > Math.abs(dot(wanted[i], there[best]))) {
          best = a;
        }
        if (coefficients[i][a] != 0) {
          assertThat(dot(left, there[a])).isCloseTo(0, within(1e-9));
        }
      }
      assertThat(used).isEqualTo(4);
      assertThat(coefficients[i][best]).isNotZero();
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Test
  void anchorsThatAreAlikeAreTakenOnce() {
    double[][] there = {{1, 0}, {1, 0}, {1, 0}, {0, 1}};
    double[][] here = {{1}, {2}, {4}, {8}};
    assertNear(
        run(
            WidthPrograms.matchingPursuit(1, 4, 2, 1, 3),
            1,
            1,
            new double[][] {{3, 1}},
            there,
            here),
        new double[][] {{3 * 1 + 8}},
        1e-12);
  }

  @Test
  void aRowOfZerosStaysOne() {
    assertNear(
        run(
            WidthPrograms.matchingPursuit(1, 2, 2, 1, 2),
            1,
            1,
            new double[1][2],
            new double[][] {{1, 0}, {0, 1}},
            new double[][] {{5}, {6}}),
        new double[1][1],
        0);
  }

  @Test
  void neighboursCountByTheirNearness() {
    double[][] there = {{0, 0}, {4, 0}, {100, 100}};
    double[][] here = {{10}, {20}, {1_000}};
    double[][] made =
        run(
            WidthPrograms.neighbours(2, 3, 2, 1, 2),
            2,
            1,
            new double[][] {{1, 0}, {2, 0}},
            there,
            here);
    assertNear(made, new double[][] {{(10 + 20 / 3.0) / (1 + 1 / 3.0)}, {15}}, 1e-9);
    double[][] exact =
        run(WidthPrograms.neighbours(1, 3, 2, 1, 2), 1, 1, new double[][] {{4, 0}}, there, here);
    assertThat(exact[0][0]).isCloseTo(20, within(1e-4));
  }

  @Test
  void sumsAreOfAnchorsThatThereAre() {
    assertThatThrownBy(() -> WidthPrograms.matchingPursuit(1, 3, 2, 2, 4))
        .hasMessage("sums of 4 anchors, of which there are 3");
    assertThatThrownBy(() -> WidthPrograms.neighbours(1, 3, 2, 2, 0)).hasMessageContaining("0");
    assertThatThrownBy(() -> WidthPrograms.leastSquares(3, 2, 2, -1)).hasMessageContaining("-1.0");
  }

  @Test
  void demandsGrowWithTheWork() {
    Demand few = WidthPrograms.matchingPursuit(64, 100, 8, 8, 2).demand();
    Demand many = WidthPrograms.matchingPursuit(6_400, 100, 8, 8, 2).demand();
    assertThat(many.operations()).isGreaterThan(50 * few.operations());
  }
}
