package dev.stockpot.kernels.methods.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Svd;
import dev.stockpot.kernels.method.TensorRole;
import dev.stockpot.kernels.methods.MatrixMerging;
import dev.stockpot.kernels.methods.MatrixMerging.Tensor;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of whole matrices by hand: of small ones, and at the ends of their parameters. */
class SpectralRulesTest {
  private static double[][] merged(Terms terms, double[][]... tensors) {
    Tensor[] inputs = new Tensor[tensors.length + 1];
    inputs[0] = Tensor.of(new double[tensors[0].length][tensors[0][0].length]);
    for (int i = 0; i < tensors.length; i++) {
      inputs[i + 1] = Tensor.of(tensors[i]);
    }
    return MatrixMerging.merge(terms, inputs);
  }

  private static Terms terms(String method, int models, double[][] like) {
    Terms terms =
        Terms.of(method, like.length * like[0].length).shape(like.length, like[0].length).base();
    for (int i = 0; i < models; i++) {
      terms.model("weight", 1.0);
    }
    return terms;
  }

  private static double[] row(Terms terms, double[]... models) {
    double[][][] tensors = new double[models.length][][];
    for (int i = 0; i < models.length; i++) {
      tensors[i] = new double[][] {models[i]};
    }
    return merged(terms, tensors)[0];
  }

  @Test
  void eachModelTakesItsLargestOfWhatIsLeftOfAGroup() {
    double[] first = {3, 2, 1, -5, 4, 0};
    double[] second = {9, 8, 1, 7, 6, 0};
    Terms terms = terms("cabs", 2, new double[][] {first}).merge("n", 1.0, "m", 3.0);

    assertThat(row(terms, first, second)).containsExactly(3, 8, 0, -5, 6, 0);
  }

  @Test
  void whereTooFewAreLeftTheLargestThatWereTakenComeOnTop() {
    double[] first = {3, 2, 1, -5, 4, 0};
    double[] second = {9, 8, 1, 7, 6, 0.5};
    Terms terms = terms("cabs", 2, new double[][] {first}).merge("n", 2.0, "m", 3.0);

    assertThat(row(terms, first, second)).containsExactly(3 + 9, 2, 1, -5 + 7, 4, 0.5);
  }

  @Test
  void theLastGroupMayBeShortAndOfEqualElementsTheFirstIsTaken() {
    double[] only = {1, -1, 1, 2, 0.5};
    Terms terms = terms("cabs", 1, new double[][] {only}).merge("n", 1.0, "m", 3.0);
    Terms half = terms("cabs", 1, new double[][] {only}).merge("n", 2.0, "m", 4.0);

    assertThat(row(terms, only)).containsExactly(1, 0, 0, 2, 0);
    assertThat(row(half, only)).containsExactly(1, 0, 0, 2, 0.5); // of one element one
  }

  @Test
  void groupsGoOnFromRowToRow() {
    double[][] only = {{1, 2}, {3, 4}, {5, 6}};
    Terms terms = terms("cabs", 1, only).merge("n", 1.0, "m", 3.0);

    assertThat(merged(terms, only)).isDeepEqualTo(new double[][] {{0, 0}, {3, 0}, {0, 6}});
  }

  @ParameterizedTest
  @CsvSource({"0, 4", "5, 4"})
  void refusesMoreOfAGroupThanItHasOrNone(int kept, int group) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TakenInTurn(kept, group, List.of(1.0)))
        .withMessage("%s of each %s elements", kept, group);
  }

  /** Of single elements each G is one: A is 2, a ridge of ½ adds 1, and the right side is 6. */
  @Test
  void aRidgeKeepsTheMergeNearTheBase() {
    double[][] two = {{2}};
    double[][] four = {{4}};

    assertThat(merged(terms("wudi", 2, two).merge("ridge", 0.5), two, four)[0][0])
        .isCloseTo(2, within(1e-12));
    assertThat(merged(terms("wudi", 2, two).merge("ridge", 0.0), two, four)[0][0])
        .isCloseTo(3, within(1e-12));
  }

  @Test
  void aPriorOfEqualGramsChangesNothing() {
    double[][] change = {{1, 2}, {3, -1}, {0, 1}};
    double[][] plain = merged(terms("wudi", 2, change).merge("ridge", 0.1), change, change);
    double[][] prior =
        merged(terms("wudi", 2, change).merge("ridge", 0.1, "prior", 3.0), change, change);

    for (int i = 0; i < 3; i++) {
      assertThat(prior[i]).containsExactly(plain[i], within(1e-12));
    }
  }

  /** One row is its own mean: nothing is known of inputs, so nothing is added. */
  @Test
  void whatIsCentredAwayLeavesTheBase() {
    double[][] row = {{1, 2, 4}};

    assertThat(merged(terms("wudi", 2, row).merge("center", true, "normalize", "trace"), row, row))
        .isDeepEqualTo(new double[1][3]);
  }

  @Test
  void onlyCommonDirectionsAreIsotropic() {
    double[][] first = MatrixMerging.random(4, 6, 0.1, 2);
    double[][] second = MatrixMerging.random(4, 6, 0.1, 3);
    double[][] isotropic = merged(terms("iso_c", 2, first), first, second);
    double[][] common =
        merged(terms("iso_cts", 2, first).merge("common_space_fraction", 1.0), first, second);

    for (int i = 0; i < 4; i++) {
      assertThat(common[i]).containsExactly(isotropic[i], within(1e-10));
    }
  }

  @Test
  void withoutCommonDirectionsEachTaskHasItsShareAtTheMeanValue() {
    double[][] first = new double[4][4];
    double[][] second = new double[4][4];
    first[0][0] = 3;
    first[1][1] = -2;
    second[2][3] = 5;
    second[3][2] = 1;
    double[][] made =
        merged(terms("iso_cts", 2, first).merge("common_space_fraction", 0.0), first, second);
    double mean = (3 + 2 + 5 + 1) / 4.0;
    double[][] expected = {{mean, 0, 0, 0}, {0, -mean, 0, 0}, {0, 0, 0, mean}, {0, 0, mean, 0}};

    for (int i = 0; i < 4; i++) {
      assertThat(made[i]).containsExactly(expected[i], within(1e-12));
    }
  }

  @Test
  void moreModelsThanDirectionsHaveOneEach() {
    assertThat(TaskSingularVectors.share(new MatrixForm(1, 9, 4), 2)).isEqualTo(2);
    assertThat(TaskSingularVectors.share(new MatrixForm(1, 4, 9), 3)).isEqualTo(1);
    assertThat(TaskSingularVectors.share(new MatrixForm(1, 2, 9), 3)).isEqualTo(1);
  }

  /** Of 4, 2 and 1 the running shares are 4/7, 6/7 and all. */
  @ParameterizedTest
  @CsvSource({"0.1, 4, 4", "0.571, 4, 4", "0.572, 2, 2", "0.857, 2, 2", "0.858, 2, 1"})
  void smallValuesAreRaisedToTheFirstThatReachesTheShare(double beta, double two, double three) {
    try (RootAllocator memory = new RootAllocator();
        Matrices algebra = new Matrices(List.of(new ScalarProvider()), memory, 1);
        Matrix change = algebra.zeros(3, 3)) {
      change.set(0, 1, 2);
      change.set(1, 0, -4);
      change.set(2, 2, 1);
      try (Svd svd = algebra.svd(change)) {
        assertThat(new Boosting(beta).values(svd, null))
            .containsExactly(new double[] {4, two, three}, within(1e-12));
      }
    }
  }

  @Test
  void stacksOfExpertsAreMatricesAndOtherTensorsOfThreeDimensionsAreNot() {
    Terms stack = Terms.of("iso_c", 24).shape(2, 3, 4).tensor("mlp.experts.up").base().model();

    assertThat(MatrixForm.of(stack.build())).contains(new MatrixForm(2, 3, 4));
    assertThat(MatrixForm.of(stack.tensor("mlp.up").build())).isEmpty();
    assertThat(MatrixForm.of(stack.tensor("conv.experts").build()))
        .contains(new MatrixForm(2, 3, 4));
    assertThat(new MatrixForm(2, 3, 4).least()).isEqualTo(3);
  }

  @Test
  void whatIsEmptyOrNoMatrixOfALayerHasNone() {
    assertThat(MatrixForm.of(Terms.of("iso_c", 0).shape(0, 4).base().model().build())).isEmpty();
    assertThat(MatrixForm.of(Terms.of("iso_c", 4).shape(4).base().model().build())).isEmpty();
    Terms matrix = Terms.of("iso_c", 4).shape(2, 2).base().model();
    assertThat(MatrixForm.of(matrix.role(TensorRole.EMBEDDING).build())).isEmpty();
    assertThat(MatrixForm.of(matrix.role(TensorRole.HEAD).build())).isEmpty();
    assertThat(MatrixForm.of(matrix.role(TensorRole.INNER).build()))
        .contains(new MatrixForm(1, 2, 2));
  }
}
