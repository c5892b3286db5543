package dev.stockpot.kernels.methods.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.method.TensorRole;
import dev.stockpot.kernels.methods.MatrixMerging;
import dev.stockpot.kernels.methods.MatrixMerging.Tensor;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Merges of whole matrices beside NumPy's, and what must hold of them exactly. */
class SpectralMethodsTest {
  /** What the script has taken. */
  private static final Map<String, Object[]> VALUES =
      Map.of(
          "iso_cts", new Object[] {"common_space_fraction", 0.5},
          "pcb", new Object[] {"ratio", 0.3},
          "ace", new Object[] {"ridge", 0.05, "center", true, "normalize", "trace", "prior", 0.5});

  private static final double[] WEIGHTS = {1, 0.5, 2};

  private static Terms terms(String method, Tensor base, int models, Object... merge) {
    Terms terms =
        Terms.of(method, Math.toIntExact(base.shape().elements()))
            .shape(base.shape().dimensions().stream().mapToLong(length -> length).toArray())
            .base();
    for (int i = 0; i < models; i++) {
      if (method.equals("cabs")) {
        terms.model("weight", WEIGHTS[i]);
      } else {
        terms.model();
      }
    }
    return terms.merge(merge);
  }

  private static void assertClose(double[][] made, double[][] expected, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      for (int j = 0; j < expected[0].length; j++) {
        assertThat(made[i][j]).as("%s, %s", i, j).isCloseTo(expected[i][j], within(tolerance));
      }
    }
  }

  static List<References.Case> references() {
    return References.all();
  }

  @ParameterizedTest
  @MethodSource("references")
  void areWhatNumPyMakesOfThem(References.Case reference) {
    String method = reference.method().equals("ace") ? "wudi" : reference.method();
    Object[] values = VALUES.getOrDefault(reference.method(), new Object[0]);
    if (method.equals("cabs")) {
      boolean isDense = reference.base().shape().equals(Shape.of(4, 6));
      values = new Object[] {"n", isDense ? 7.0 : 3.0, "m", 8.0};
    }
    double[][] made =
        MatrixMerging.merge(
            terms(method, reference.base(), reference.models().size(), values), reference.inputs());

    assertClose(made, reference.merged(), 1e-10);
  }

  private static Tensor plus(Tensor base, double[][] change) {
    double[][] rows = base.rows();
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < rows[0].length; j++) {
        rows[i][j] += change[i][j];
      }
    }
    return Tensor.of(rows);
  }

  private static Tensor zeros(int rows, int columns) {
    return Tensor.of(new double[rows][columns]);
  }

  @Test
  void outliersDoNotSetTheScaleOfCompetition() {
    Tensor base = Tensor.of(new double[100][101]); // so many that a tail is cut
    double[][] change = MatrixMerging.random(100, 101, 0.1, 5);
    double[][] larger = MatrixMerging.random(100, 101, 0.1, 5);
    change[3][7] = 2;
    larger[3][7] = 2000;
    double[][] usual = MatrixMerging.merge(terms("pcb", base, 1), base, plus(base, change));
    double[][] made = MatrixMerging.merge(terms("pcb", base, 1), base, plus(base, larger));

    assertThat(made[3][7]).isLessThan(0.6); // as large as the largest but one
    for (int i = 0; i < 100; i++) {
      for (int j = 0; j < 101; j++) {
        assertThat(made[i][j]).isCloseTo(usual[i][j], within(1e-12));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tsv_m", "wudi"})
  void oneModelIsItself(String method) {
    Tensor base = Tensor.of(MatrixMerging.random(9, 6, 1, 1));
    Tensor model = plus(base, MatrixMerging.random(9, 6, 0.1, 2));
    Terms terms = terms(method, base, 1);
    if (method.equals("wudi")) {
      terms.merge("ridge", 0.0);
    }

    assertClose(MatrixMerging.merge(terms, base, model), model.rows(), 1e-12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iso_c", "iso_cts", "tsv_m", "wudi", "resmerge", "cabs", "pcb"})
  void modelsThatAreTheBaseGiveTheBase(String method) {
    Tensor base = Tensor.of(MatrixMerging.random(5, 8, 1, 1));
    assertThat(MatrixMerging.merge(terms(method, base, 2), base, base, base))
        .isDeepEqualTo(base.rows());
  }

  @ParameterizedTest
  @ValueSource(strings = {"iso_c", "iso_cts", "tsv_m", "wudi", "resmerge", "pcb"})
  void theOrderOfModelsDoesNotCount(String method) {
    Tensor base = Tensor.of(MatrixMerging.random(7, 7, 1, 1));
    Tensor a = plus(base, MatrixMerging.random(7, 7, 0.1, 2));
    Tensor b = plus(base, MatrixMerging.random(7, 7, 0.2, 3));

    assertClose(
        MatrixMerging.merge(terms(method, base, 2), base, a, b),
        MatrixMerging.merge(terms(method, base, 2), base, b, a),
        1e-10);
  }

  @Test
  void anOrthogonalMatrixIsIsotropicAlready() {
    double half = 0.5;
    double[][] turn = {
      {half, half, half, half},
      {half, -half, half, -half},
      {half, half, -half, -half},
      {half, -half, -half, half}
    };
    Tensor base = zeros(4, 4);

    assertClose(MatrixMerging.merge(terms("iso_c", base, 1), base, plus(base, turn)), turn, 1e-13);
  }

  @Test
  void aMatrixOfLowRankGetsNoDirectionsThatAreNotItsOwn() {
    double[][] change = new double[6][5];
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 5; j++) {
        change[i][j] = (i + 1) * 0.25 * (j - 2); // of rank one: the mean value is its only one
      }
    }
    Tensor base = zeros(6, 5);

    assertClose(
        MatrixMerging.merge(terms("iso_c", base, 1), base, plus(base, change)), change, 1e-10);
  }

  @Test
  void tasksOfSpacesThatDoNotTouchAreAdded() {
    double[][] first = new double[4][4];
    double[][] second = new double[4][4];
    first[0][0] = 3;
    first[1][1] = 2;
    second[2][3] = 5;
    second[3][2] = 1;
    Tensor base = zeros(4, 4);

    double[][] made =
        MatrixMerging.merge(terms("tsv_m", base, 2), base, plus(base, first), plus(base, second));
    assertClose(made, plus(plus(base, first), second).rows(), 1e-13);
  }

  @Test
  void alphaScalesTheChange() {
    Tensor base = Tensor.of(MatrixMerging.random(5, 6, 1, 1));
    Tensor a = plus(base, MatrixMerging.random(5, 6, 0.1, 2));
    double[][] none = MatrixMerging.merge(terms("iso_c", base, 1, "alpha", 0.0), base, a);
    double[][] one = MatrixMerging.merge(terms("iso_c", base, 1), base, a);
    double[][] two = MatrixMerging.merge(terms("iso_c", base, 1, "alpha", 2.0), base, a);

    assertClose(none, base.rows(), 0);
    for (int i = 0; i < 5; i++) {
      assertThat(two[i][3] - one[i][3]).isCloseTo(one[i][3] - base.rows()[i][3], within(1e-12));
    }
  }

  @Test
  void keepingAllOfAGroupIsTheFirstModelAndTheOthersOnTop() {
    Tensor base = Tensor.of(MatrixMerging.random(3, 8, 1, 1));
    Tensor a = plus(base, MatrixMerging.random(3, 8, 0.1, 2));

    assertThat(MatrixMerging.merge(terms("cabs", base, 1, "n", 4.0, "m", 4.0), base, a))
        .isDeepEqualTo(a.rows());
  }

  @Test
  void expertsOfAStackAreMergedOneByOne() {
    double[][] rows = MatrixMerging.random(6, 5, 0.1, 2);
    Tensor stack = new Tensor(Shape.of(2, 3, 5), Tensor.of(rows).elements());
    Tensor none = new Tensor(Shape.of(2, 3, 5), new float[30]);
    Terms terms = terms("iso_c", stack, 1).tensor("model.layers.0.mlp.experts.down_proj");

    double[][] made = flat(MatrixMerging.merge(terms, none, stack), 5);

    for (int expert = 0; expert < 2; expert++) {
      double[][] own = {rows[3 * expert], rows[3 * expert + 1], rows[3 * expert + 2]};
      Tensor base = zeros(3, 5);
      double[][] alone = MatrixMerging.merge(terms("iso_c", base, 1), base, Tensor.of(own));
      for (int i = 0; i < 3; i++) {
        assertThat(made[3 * expert + i]).isEqualTo(alone[i]);
      }
    }
  }

  /** The same elements in rows of another length. */
  private static double[][] flat(double[][] rows, int columns) {
    List<Double> all = new ArrayList<>();
    for (double[] row : rows) {
      for (double element : row) {
        all.add(element);
      }
    }
    double[][] made = new double[all.size() / columns][columns];
    for (int i = 0; i < all.size(); i++) {
      made[i / columns][i % columns] = all.get(i);
    }
    return made;
  }

  @Test
  void kernelsOfConvolutionsAreMatricesOfOutputsAndAllElse() {
    Terms terms = Terms.of("iso_c", 24).shape(4, 3, 2, 1).base().model();
    assertThat(MatrixForm.of(terms.build())).contains(new MatrixForm(1, 4, 6));
    Terms mixer =
        Terms.of("iso_c", 24).shape(6, 1, 4).tensor("layers.0.conv1d.weight").base().model();
    assertThat(MatrixForm.of(mixer.build())).contains(new MatrixForm(1, 6, 4));
    Terms other = Terms.of("iso_c", 24).shape(6, 1, 4).tensor("layers.0.token").base().model();
    assertThat(MatrixForm.of(other.build())).isEmpty();
  }

  @Test
  void allElseIsAveragedOrTheBases() {
    Terms norm = Terms.of("tsv_m", 2).base().model().model();
    assertThat(norm.method().matrixProgram(norm.build())).isEmpty();
    assertThat(norm.method().treatment(norm.build())).contains("are averaged");
    float[] base = {9, 9};
    Merging merging = Merging.by(new ScalarProvider());
    assertThat(merging.merge(norm, base, new float[] {1, 2}, new float[] {3, 6}))
        .containsExactly(2, 4);

    for (TensorRole role : List.of(TensorRole.EMBEDDING, TensorRole.HEAD)) {
      Terms table = Terms.of("tsv_m", 2).shape(1, 2).role(role).base().model().model();
      assertThat(table.method().matrixProgram(table.build())).isEmpty();
      table.merge("embeddings", "base", "head", "base");
      assertThat(table.method().treatment(table.build())).contains("are taken from the base model");
      assertThat(merging.merge(table, base, new float[] {1, 2}, new float[] {3, 6}))
          .containsExactly(9, 9);
    }
    Terms left = Terms.of("tsv_m", 4).shape(2, 2).base().model().merge("average", true);
    assertThat(left.method().matrixProgram(left.build())).isEmpty();
  }

  @Test
  void moreOfAGroupThanItHasIsAProblem() {
    Terms terms = Terms.of("cabs", 4).shape(2, 2).base().model("weight", 1.0);
    assertThat(terms.method().problemWith(terms.merge("n", 5.0, "m", 4.0).build()))
        .contains("n is 5, must be at most m, which is 4");
    assertThat(terms.method().problemWith(terms.merge("n", 4.0, "m", 4.0).build())).isEmpty();
  }
}
