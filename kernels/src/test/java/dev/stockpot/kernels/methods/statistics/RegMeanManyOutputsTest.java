package dev.stockpot.kernels.methods.statistics;

import static dev.stockpot.kernels.methods.statistics.RegMeanTest.assertClose;
import static dev.stockpot.kernels.methods.statistics.RegMeanTest.gram;

import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.methods.MatrixMerging;
import dev.stockpot.kernels.methods.MatrixMerging.Tensor;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Where there are more outputs than inputs the Gram matrices are solved for: results are the same.
 */
class RegMeanManyOutputsTest {
  private static final int OUTPUTS = 40;
  private static final int INPUTS = 11;
  private static final double[] WEIGHTS = {1, 2, -0.5};

  private static double[][] transposed(double[][] rows) {
    double[][] made = new double[rows[0].length][rows.length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < rows[0].length; j++) {
        made[j][i] = rows[i][j];
      }
    }
    return made;
  }

  private static double[][] merged(
      boolean isTransposed, boolean aroundBase, double[][][] models, double[][][] grams) {
    Shape shape =
        isTransposed ? Shape.of(INPUTS, models[0].length) : Shape.of(models[0].length, INPUTS);
    Terms terms =
        Terms.of("regmean", OUTPUTS * INPUTS)
            .shape(shape.dimensions().stream().mapToLong(Long::longValue).toArray())
            .merge("alpha", 1.0, "ridge", 0.0, "null_space", aroundBase ? "base" : "mean");
    List<double[][]> tensors = new ArrayList<>();
    if (aroundBase) {
      terms.base();
      tensors.add(MatrixMerging.random(models[0].length, INPUTS, 0.05, 9));
    }
    SideInput.Facts facts = new SideInput.Facts(Shape.of(INPUTS, INPUTS), 300, false, isTransposed);
    for (int i = 0; i < models.length; i++) {
      terms
          .model("weight", WEIGHTS[i])
          .side(SideInput.Given.of(RegMeanParameters.GRAM, aroundBase ? i + 1 : i).with(facts));
      tensors.add(models[i]);
    }
    List<Tensor> inputs = new ArrayList<>();
    tensors.forEach(rows -> inputs.add(Tensor.of(isTransposed ? transposed(rows) : rows)));
    Arrays.stream(grams).map(Tensor::of).forEach(inputs::add);
    double[][] made = MatrixMerging.merge(terms, inputs.toArray(Tensor[]::new));
    return isTransposed ? transposed(made) : made;
  }

  private static double[][][] models(int count) {
    double[][][] models = new double[count][][];
    Arrays.setAll(models, i -> MatrixMerging.random(OUTPUTS, INPUTS, 0.05, i + 1));
    return models;
  }

  private static double[][][] grams(int count) {
    double[][][] grams = new double[count][][];
    Arrays.setAll(grams, i -> gram(200 + 100 * i, i + 4));
    return grams;
  }

  @ParameterizedTest
  @CsvSource({
    "1, false, false",
    "2, false, false",
    "3, false, false",
    "1, false, true",
    "2, false, true",
    "3, false, true",
    "2, true, false",
    "3, true, false",
    "2, true, true",
    "3, true, true"
  })
  void solvesTheNormalEquations(int count, boolean isTransposed, boolean aroundBase) {
    double[][][] models = models(count);
    double[][][] grams = grams(count);

    double[][] made = merged(isTransposed, aroundBase, models, grams);

    double[] weights = Arrays.copyOf(WEIGHTS, count);
    assertClose(made, Normal.regmean(models, grams, weights), 1e-13);
  }

  @Test
  void fewOfTheseOutputsAreTheSame() {
    double[][][] models = models(2);
    double[][][] few = {Arrays.copyOf(models[0], 5), Arrays.copyOf(models[1], 5)};

    double[][] made = merged(false, false, models, grams(2));

    assertClose(Arrays.copyOf(made, 5), merged(false, false, few, grams(2)), 1e-15);
  }

  @Test
  void noInputsAtAllGiveTheMean() {
    double[][][] none = {new double[INPUTS][INPUTS], new double[INPUTS][INPUTS]};
    double[][][] equal = {models(1)[0], models(1)[0]};

    assertClose(merged(false, false, equal, none), equal[0], 1e-16);
  }
}
