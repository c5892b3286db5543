package dev.stockpot.kernels.methods.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.methods.MatrixMerging;
import dev.stockpot.kernels.methods.MatrixMerging.Tensor;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.number.Shape;
import org.junit.jupiter.api.Test;

/** RegMean with the diagonals of Gram matrices alone. */
class RegMeanDiagonalTest {
  private static SideInput.Given side(int model, int inputs) {
    return SideInput.Given.of(RegMeanParameters.GRAM_DIAG, model)
        .with(new SideInput.Facts(Shape.of(inputs), 10, false, false));
  }

  private static void assertClose(double[][] made, double[][] expected) {
    for (int i = 0; i < expected.length; i++) {
      for (int j = 0; j < expected[0].length; j++) {
        assertThat(made[i][j]).as("%s, %s", i, j).isCloseTo(expected[i][j], within(1e-15));
      }
    }
  }

  @Test
  void diagonalsWeighInputByInput() {
    double[] d = {1, 0, 3, 0};
    double[] e = {1, 2, 0, 0};
    double[][] a = {{1, 2, 3, 4}, {5, 6, 7, 8}};
    double[][] b = {{-1, 20, 30, 0}, {1, 60, 70, 0}};
    Terms terms =
        Terms.of("regmean", 8)
            .shape(2, 4)
            .model("weight", 1.0)
            .model("weight", 3.0)
            .side(side(0, 4))
            .side(side(1, 4));

    double[][] made =
        MatrixMerging.merge(terms, Tensor.of(a), Tensor.of(b), Tensor.vector(d), Tensor.vector(e));

    // (1 - 3) / 4; the second's alone; the first's alone; nobody's: the mean
    assertClose(made, new double[][] {{-0.5, 20, 3, 1}, {2, 60, 7, 2}});
  }

  @Test
  void factorsOfANormAreWeighedLikeInputs() {
    Terms terms = Terms.of("regmean", 2).model().model().side(side(0, 2)).side(side(1, 2));
    double[][] made =
        MatrixMerging.merge(
            terms,
            Tensor.vector(1, 1),
            Tensor.vector(2, 3),
            Tensor.vector(3, 0),
            Tensor.vector(1, 2));
    assertClose(made, new double[][] {{1.25, 3}});
  }
}
