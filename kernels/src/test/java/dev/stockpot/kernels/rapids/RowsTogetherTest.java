package dev.stockpot.kernels.rapids;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a device does with many rows at once is what is done with one after the other. */
class RowsTogetherTest {
  private final Operands operands = new Operands();

  @AfterEach
  void returnBuffers() {
    operands.close();
  }

  /**
   * Rows that fill groups and steps of lanes and such that do not, one alone, and as many as are
   * two reduction blocks, the second of which is short.
   */
  @ParameterizedTest
  @CsvSource({"1, 7", "1, 4096", "5, 16", "5, 33", "3, 2049", "3, 6144", "300, 4096", "830, 1500"})
  void rowsAreWorkedOnAsOneByOne(int rows, int row) {
    float[] numbers = Samples.normal(rows * row, 3, 1);
    float[] others = numbers.clone();
    for (int i = 0; i < others.length; i++) {
      others[i] += i % 7 * 0.01f;
    }
    ModelProvider device = new ModelProvider();

    assertSame(device, row, numbers, others);

    assertThat(device.memory().columns()).isZero();
    assertThat(device.memory().bytes()).isZero();
  }

  /** NaN, infinities and rows of one of them, in one of both, beside rows of ordinary numbers. */
  @ParameterizedTest
  @CsvSource({"33", "2048"})
  void whatIsNoNumberStaysInItsRow(int row) {
    float[] numbers = Samples.normal(8 * row, 1, 1);
    float[] others = Samples.normal(8 * row, 1, 2);
    numbers[row + 3] = Float.NaN;
    others[2 * row + 5] = Float.intBitsToFloat(0x7F812345);
    numbers[3 * row + 1] = Float.POSITIVE_INFINITY;
    others[4 * row + 1] = Float.NEGATIVE_INFINITY;
    Arrays.fill(others, 5 * row, 6 * row, Float.NEGATIVE_INFINITY);
    Arrays.fill(numbers, 6 * row, 7 * row, -0f);

    assertSame(new ModelProvider(), row, numbers, others);
  }

  private void assertSame(KernelProvider device, int row, float[] numbers, float[] others) {
    Operand a = operands.of(DType.F32, numbers);
    Operand b = operands.of(DType.F32, others);

    Found found = find(device, new Rows(row, true), a, b);

    Found expected = find(new ScalarProvider(), new Rows(row, false), a, b);
    assertThat(found.products).isEqualTo(expected.products);
    assertThat(found.divergences).isEqualTo(expected.divergences);
    assertThat(found.columns).isEqualTo(expected.columns);
    assertThat(found.scaled).isEqualTo(expected.scaled);
  }

  @SuppressWarnings("ArrayRecordComponent") // compared part by part
  private record Found(
      List<Double> products, List<Double> divergences, List<List<Double>> columns, byte[] scaled) {}

  private Found find(KernelProvider provider, Rows rows, Operand from, Operand with) {
    try (Kernels<?> kernels = provider.open(rows.elements())) {
      return find(kernels, rows, from, with);
    }
  }

  private <V> Found find(Kernels<V> kernels, Rows rows, Operand from, Operand with) {
    V a = kernels.vector();
    V b = kernels.vector();
    V ofColumns = kernels.vector();
    Operand to = operands.zeros(DType.F32, from.elements());
    List<Double> products = new ArrayList<>();
    List<Double> divergences = new ArrayList<>();
    List<double[]> columns = new ArrayList<>();
    long first = 2 * Block.reductionElements(rows.elements());
    Block.each(
        first,
        from.elements(),
        kernels.capacity(),
        rows,
        block -> {
          kernels.begin(block);
          kernels.load(from, a);
          kernels.load(with, b);
          addAll(products, kernels.productsOfRows(a, b));
          addAll(divergences, kernels.divergencesOfRows(a, b));
          kernels.addProducts(a, b, sums(columns, block));
          kernels.load(numbers(0, rows.elements()), ofColumns);
          kernels.scaleRows(b, numbers(block.offset() / block.row(), block.rows()), b);
          kernels.multiply(ofColumns, b, b);
          kernels.store(b, to);
        });
    return new Found(
        products,
        divergences,
        columns.stream().map(sums -> Arrays.stream(sums).boxed().toList()).toList(),
        Operands.bytes(to));
  }

  private static void addAll(List<Double> all, double... more) {
    Arrays.stream(more).forEach(all::add);
  }

  /** Of a block's reduction blocks, the first of which may have begun before it. */
  private static double[][] sums(List<double[]> all, Block block) {
    int before = all.size() - (block.startsReduction() ? 0 : 1);
    while (all.size() < before + block.reductionEnds().length) {
      all.add(new double[block.row()]);
    }
    return all.subList(before, all.size()).toArray(double[][]::new);
  }

  /** Different ones for different places. */
  private static float[] numbers(int first, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = 1 + (first + i) % 101 * 0.01f;
    }
    return numbers;
  }
}
