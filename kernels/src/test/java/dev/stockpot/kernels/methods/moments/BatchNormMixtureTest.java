package dev.stockpot.kernels.methods.moments;

import static dev.stockpot.kernels.methods.moments.Stepping.change;
import static dev.stockpot.kernels.methods.moments.Stepping.mean;
import static dev.stockpot.kernels.methods.moments.Stepping.products;
import static dev.stockpot.kernels.methods.moments.Stepping.terms;
import static dev.stockpot.kernels.methods.moments.Stepping.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.method.BesideTensor;
import dev.stockpot.kernels.method.PostStep;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.MatrixMerging.Tensor;
import dev.stockpot.kernels.methods.PostSteps;
import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Variances of batch norms beside those of all numbers together. */
class BatchNormMixtureTest {
  private static final PostStep MIXTURE = PostSteps.named("batch_norm").orElseThrow();

  @Test
  void isForAverages() {
    TensorTerms negative = terms("bn.running_var", Shape.of(1), 2, -1);
    assertThat(MIXTURE.problemWith(negative)).isPresent();
  }

  @Test
  void variancesOfBatchNormsAreThoseOfTheMixture() {
    Random random = new Random(3);
    double[][] sets = new double[3][1_000];
    for (int set = 0; set < sets.length; set++) {
      int of = set;
      Arrays.setAll(sets[set], i -> 3 * of + (of + 1) * random.nextGaussian());
    }
    double[] all = Arrays.stream(sets).flatMapToDouble(Arrays::stream).toArray();
    double[] variances =
        Arrays.stream(sets).mapToDouble(set -> products(set, set) / set.length).toArray();
    List<SideInput.Given> sides = new ArrayList<>();
    List<Tensor> inputs = new ArrayList<>();
    for (double variance : variances) {
      inputs.add(Tensor.vector(variance));
    }
    BesideTensor means = MIXTURE.beside().get(0);
    for (int set = 0; set < sets.length; set++) {
      sides.add(means.given(OptionalInt.of(set), SideInput.Facts.of(Shape.of(1))));
      inputs.add(Tensor.vector(mean(sets[set])));
    }
    inputs.add(Tensor.vector(mean(variances)));
    TensorTerms terms =
        terms("bn.running_var", Shape.of(1), 2, 2, 2).with(values(MIXTURE)).beside(sides);
    double[][] made = change(terms, MIXTURE, inputs.toArray(Tensor[]::new));
    double expected = products(all, all) / all.length;
    assertThat(made[0][0]).isCloseTo(expected, within(1e-5 * expected));
    assertThat(MIXTURE.program(terms.beside(sides.subList(0, 2)))).isEmpty();
    assertThat(
            MIXTURE.program(
                terms("bn.running_mean", Shape.of(1), 1, 1, 1).with(values(MIXTURE)).beside(sides)))
        .isEmpty();
  }
}
