package dev.stockpot.merge.part;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.plan.Delta.Products;
import dev.stockpot.merge.plan.Delta.Products.Term;
import dev.stockpot.merge.recipe.Combination;
import dev.stockpot.merge.recipe.Combination.Rule;
import dev.stockpot.merge.recipe.Combination.Space;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is made of the thin matrices of adapters; identities of METHODS for linear rules. */
class AdapterProductsTest {
  private static final int ROWS = 14;
  private static final int COLUMNS = 11;
  private static final int[] RANKS = {2, 3, 1};
  private static final double[] WEIGHTS = {0.7, -0.4, 1.1};
  private static final double SCALE = 2;

  private final List<ArrowBuf> buffers = new ArrayList<>();
  private final List<Operand> operands = new ArrayList<>();
  private BufferAllocator memory;
  private Matrices matrices;

  @BeforeEach
  void writeFactors() {
    memory = new RootAllocator();
    matrices = new Matrices(List.of(new ScalarProvider()), memory, 1);
    Random random = new Random(5);
    for (int rank : RANKS) {
      operands.add(numbers(random, ROWS * rank));
      operands.add(numbers(random, rank * COLUMNS));
    }
  }

  @AfterEach
  void close() {
    matrices.close();
    buffers.forEach(ArrowBuf::close);
    memory.close();
  }

  private Operand numbers(Random random, int count) {
    ArrowBuf buffer = memory.buffer(4L * count);
    buffers.add(buffer);
    Operand operand = new Operand(buffer, DType.F32, count);
    for (int i = 0; i < count; i++) {
      operand.floats().put(i, (float) random.nextGaussian());
    }
    return operand;
  }

  private static Stored source(long... shape) {
    StoredObject file =
        new StoredObject(new Location("/a/adapter_model.safetensors"), 1 << 20, "1");
    Shape of = Shape.of(shape);
    return new Stored(
        new TensorInfo("t", DType.F32, of, file, new ByteRange(0, 4 * of.elements())));
  }

  private AdapterProducts products(Rule rule, Space space, double density) {
    List<Term> terms = new ArrayList<>();
    for (int i = 0; i < RANKS.length; i++) {
      terms.add(
          new Term(
              source(ROWS, RANKS[i]), source(RANKS[i], COLUMNS), RANKS[i], SCALE, WEIGHTS[i], i));
    }
    Combination how = new Combination(rule, space, density, false);
    return new AdapterProducts(
        new Products(Shape.of(ROWS, COLUMNS), terms, how, 9), "m", operands, matrices);
  }

  private double[][] sum() {
    double[][] sum = new double[ROWS][COLUMNS];
    for (int t = 0; t < RANKS.length; t++) {
      for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < COLUMNS; j++) {
          for (int k = 0; k < RANKS[t]; k++) {
            sum[i][j] +=
                WEIGHTS[t]
                    * SCALE
                    * operands.get(2 * t).at(i * RANKS[t] + k)
                    * operands.get(2 * t + 1).at(k * COLUMNS + j);
          }
        }
      }
    }
    return sum;
  }

  private static double off(Matrix matrix, double[][] expected) {
    double most = 0;
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < COLUMNS; j++) {
        most = Math.max(most, Math.abs(matrix.at(i, j) - expected[i][j]));
      }
    }
    return most;
  }

  @ParameterizedTest
  @EnumSource(Space.class)
  void aSumIsTheSameInEverySpace(Space space) {
    assertThat(off(products(Rule.SUM, space, 1).merged(), sum())).isLessThan(1e-12);
  }

  @Test
  void factorsBesideEachOtherAreTheSumExactly() {
    List<Matrix> factors = products(Rule.CAT, Space.DENSE, 1).factors();
    assertThat(factors.get(0).columns()).isEqualTo(6);
    assertThat(off(matrices.multiply(factors.get(0), factors.get(1)), sum())).isLessThan(1e-12);
  }

  @ParameterizedTest
  @EnumSource(Space.class)
  void rulesThatThinMakeAnotherChangeOfFullShapeInEverySpace(Space space) {
    Matrix ties = products(Rule.TIES, space, 0.5).merged();
    assertThat(ties.rows()).isEqualTo(ROWS);
    assertThat(ties.columns()).isEqualTo(COLUMNS);
    assertThat(off(ties, sum())).isGreaterThan(0.1);
    assertThat(off(products(Rule.TIES, space, 0.5).merged(), plain(ties))).isZero();
  }

  @Test
  void spacesGiveRulesOtherElementsToLookAt() {
    Matrix dense = products(Rule.PRUNE, Space.DENSE, 0.3).merged();
    assertThat(off(products(Rule.PRUNE, Space.CORE, 0.3).merged(), plain(dense)))
        .isGreaterThan(0.1);
    assertThat(off(products(Rule.PRUNE, Space.KNOTS, 0.3).merged(), plain(dense)))
        .isGreaterThan(0.1);
  }

  private static double[][] plain(Matrix matrix) {
    double[][] rows = new double[matrix.rows()][matrix.columns()];
    for (int i = 0; i < rows.length; i++) {
      matrix.read(i, 0, rows[i], 0, rows[i].length);
    }
    return rows;
  }
}
