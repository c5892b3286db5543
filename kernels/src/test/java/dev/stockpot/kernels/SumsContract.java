package dev.stockpot.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.statistic.LaneSum;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is asked of every provider when it adds up: the same sums, in one order. */
abstract class SumsContract extends SortingContract {
  @ParameterizedTest
  @MethodSource("sizes")
  void sumsAreAddedInOneOrder(int size) {
    float[] a = Samples.normal(3 * size, 1e3, 1);
    float[] b = Samples.normal(3 * size, 1e-3, 2);

    assertThat(sums(provider().open(), size, a, b)).isEqualTo(sums(SCALAR.open(), size, a, b));
  }

  @Test
  void sumsOfNumbersOfEveryKindAreTheSame() {
    float[] a = Samples.awkward(3 * 2_048, 1);
    float[] b = Samples.normal(3 * 2_048, 1, 2);

    assertThat(sums(provider().open(), 2_048, a, b)).isEqualTo(sums(SCALAR.open(), 2_048, a, b));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void productsOfEachElementAreAdded(int size) {
    Operand a = awkward(DType.F32, size, 1);
    Operand b = awkward(DType.F32, size, 2);

    assertThat(products(provider().open(), a, b, size))
        .isEqualTo(products(SCALAR.open(), a, b, size));
  }

  private static <V> double[] products(Kernels<V> opened, Operand a, Operand b, int size) {
    double[][] sums = new double[1][size];
    try (Kernels<V> kernels = opened) {
      for (int block = 0; block < 3; block++) {
        kernels.begin(new Block(0, MARGIN - block, size));
        kernels.addProducts(load(kernels, a), load(kernels, b), sums);
      }
    }
    return sums[0];
  }

  /**
   * Bits of the sums of products, of magnitudes and of the products of a pair over three blocks;
   * NaN is one NaN.
   */
  private <V> List<Long> sums(Kernels<V> opened, int size, float[] a, float[] b) {
    Operand from = operands.of(DType.F32, a);
    Operand with = operands.of(DType.F32, b);
    LaneSum products = new LaneSum();
    LaneSum magnitudes = new LaneSum();
    List<LaneSum> pairs = List.of(new LaneSum(), new LaneSum(), new LaneSum());
    try (Kernels<V> kernels = opened) {
      for (int block = 0; block < 3; block++) {
        kernels.begin(new Block(0, block * size, size));
        V x = load(kernels, from);
        V y = load(kernels, with);
        kernels.addProducts(x, y, products);
        kernels.addProducts(x, y, pairs.get(0), pairs.get(1), pairs.get(2));
        kernels.addMagnitudes(x, magnitudes);
      }
    }
    return Stream.concat(Stream.of(products, magnitudes), pairs.stream())
        .map(sum -> Double.doubleToLongBits(sum.take()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void divergencesOfRowsAreTheSame(int size) {
    for (int seed = 0; seed < 20; seed++) {
      for (float deviation : new float[] {1e-3f, 1, 300}) {
        Operand a = operands.of(DType.F32, Samples.normal(size + 2 * MARGIN, deviation, seed));
        Operand b = operands.of(DType.F32, Samples.normal(size + 2 * MARGIN, deviation, -seed - 1));
        assertThat(divergence(provider().open(), a, b, size))
            .isEqualTo(divergence(SCALAR.open(), a, b, size));
        Operand c = awkward(DType.F32, size, seed);
        assertThat(divergence(provider().open(), a, c, size))
            .isEqualTo(divergence(SCALAR.open(), a, c, size));
      }
    }
  }

  private static <V> double[] divergence(Kernels<V> opened, Operand a, Operand b, int size) {
    try (Kernels<V> kernels = opened) {
      kernels.begin(new Block(0, MARGIN, size));
      return kernels.divergencesOfRows(load(kernels, a), load(kernels, b));
    }
  }
}
