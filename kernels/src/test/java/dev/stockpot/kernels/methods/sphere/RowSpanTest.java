package dev.stockpot.kernels.methods.sphere;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.methods.FineTunes;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.methods.Vectors;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Methods of the span that take rows or columns for vectors, rather than tensors. */
class RowSpanTest {
  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  static Stream<Arguments> onCpuByRowLength() {
    return Merging.onCpu()
        .flatMap(merging -> Sizes.rows().mapToObj(length -> Arguments.of(merging, length)));
  }

  private static Terms nuslerp(boolean onBase, int rows, int columns, boolean columnWise) {
    Terms terms = Terms.of("nuslerp", rows * columns).shape(rows, columns);
    return (onBase ? terms.base() : terms)
        .model("weight", 0.3)
        .model("weight", 0.9)
        .merge("nuslerp_flatten", false, "nuslerp_row_wise", columnWise);
  }

  private static Terms stock(int rows, int columns, boolean filterWise) {
    return Terms.of("model_stock", rows * columns)
        .shape(rows, columns)
        .base()
        .model()
        .model()
        .model()
        .merge("filter_wise", filterWise);
  }

  /** The merge of a row or a tensor by itself. */
  @FunctionalInterface
  private interface Merge {
    float[] of(float[]... inputs);
  }

  private static float[] eachRow(int columns, Merge merge, float[]... inputs) {
    float[] merged = new float[inputs[0].length];
    for (int row = 0; row < merged.length; row += columns) {
      int from = row;
      float[][] rows =
          Arrays.stream(inputs)
              .map(input -> Arrays.copyOfRange(input, from, from + columns))
              .toArray(float[][]::new);
      System.arraycopy(merge.of(rows), 0, merged, row, columns);
    }
    return merged;
  }

  private static float[] transposed(int columns, float... matrix) {
    int rows = matrix.length / columns;
    float[] transposed = new float[matrix.length];
    for (int e = 0; e < matrix.length; e++) {
      transposed[e % columns * rows + e / columns] = matrix[e];
    }
    return transposed;
  }

  @ParameterizedTest
  @MethodSource("onCpuByRowLength")
  void eachRowOfNuslerpIsMergedAsATensorOfItsOwn(Merging merging, int columns) {
    for (boolean onBase : new boolean[] {true, false}) {
      float[][] all = FineTunes.withBase(2, 5 * columns);
      float[][] inputs = onBase ? all : Arrays.copyOfRange(all, 1, 3);
      Terms alone =
          (onBase ? Terms.of("nuslerp", columns).base() : Terms.of("nuslerp", columns))
              .model("weight", 0.3)
              .model("weight", 0.9);

      assertSameBits(
          merging.merge(nuslerp(onBase, 5, columns, false), inputs),
          eachRow(columns, rows -> merging.merge(alone, rows), inputs));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpuByRowLength")
  void eachRowOfModelStockIsMergedAsATensorOfItsOwn(Merging merging, int columns) {
    float[][] inputs = FineTunes.withBase(3, 5 * columns);
    Terms alone = stock(1, columns, false);

    assertSameBits(
        merging.merge(stock(5, columns, true), inputs),
        eachRow(columns, rows -> merging.merge(alone, rows), inputs));
  }

  @ParameterizedTest
  @MethodSource("onCpuByRowLength")
  void columnsOfNuslerpAreTheRowsOfTheTransposed(Merging merging, int columns) {
    int rows = 5;
    for (boolean onBase : new boolean[] {true, false}) {
      float[][] all = FineTunes.withBase(2, rows * columns);
      float[][] inputs = onBase ? all : Arrays.copyOfRange(all, 1, 3);
      float[][] turned =
          Arrays.stream(inputs).map(i -> transposed(columns, i)).toArray(float[][]::new);
      float[] expected =
          transposed(rows, merging.merge(nuslerp(onBase, columns, rows, false), turned));

      assertClose(
          merging.merge(nuslerp(onBase, rows, columns, true), inputs), Vectors.of(expected));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void columnsAreWhatHasOnePlaceInEverySliceOfTheFirstDimension(Merging merging) {
    float[][] inputs = FineTunes.withBase(2, 3 * 4 * 5);
    Terms flat = nuslerp(true, 3, 20, true);
    Terms deep = nuslerp(true, 3, 20, true).shape(3, 4, 5);

    assertSameBits(merging.merge(deep, inputs), merging.merge(flat, inputs));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void equalRowsGiveThemselves(Merging merging) {
    float[] model = Samples.normal(3_000, 1, 1);
    for (boolean columnWise : new boolean[] {true, false}) {
      assertClose(
          merging.merge(nuslerp(false, 3, 1_000, columnWise), model, model), Vectors.of(model));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aTensorOfOneDimensionIsOneRowAndNotManyColumns(Merging merging) {
    float[][] inputs = FineTunes.withBase(2, 3_000);
    Terms flat = Terms.of("nuslerp", 3_000).base().model("weight", 0.3).model("weight", 0.9);
    for (boolean columnWise : new boolean[] {true, false}) {
      assertSameBits(
          merging.merge(nuslerp(true, 1, 3_000, columnWise).shape(3_000), inputs),
          merging.merge(flat, inputs));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void modelsEqualToTheBaseGiveTheBase(Merging merging) {
    float[] base = Samples.normal(3_000, 1, 1);

    for (boolean columnWise : new boolean[] {true, false}) {
      assertSameBits(merging.merge(nuslerp(true, 30, 100, columnWise), base, base, base), base);
    }
    assertSameBits(merging.merge(stock(30, 100, true), base, base, base, base), base);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aNanShowsInItsRowOrColumnAndNowhereElse(Merging merging) {
    float[][] inputs = FineTunes.withBase(2, 3_000);
    inputs[1][1_234] = Float.NaN;
    float[] byRow = merging.merge(nuslerp(true, 30, 100, false), inputs);
    float[] byColumn = merging.merge(nuslerp(true, 30, 100, true), inputs);

    for (int e = 0; e < 3_000; e++) {
      assertThat(Float.isNaN(byRow[e])).isEqualTo(e / 100 == 12);
      assertThat(Float.isNaN(byColumn[e])).isEqualTo(e % 100 == 34);
    }
  }
}
