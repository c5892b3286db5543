package dev.stockpot.merge.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.random.RandomStream;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.merge.recipe.Combination;
import dev.stockpot.merge.recipe.Combination.Rule;
import dev.stockpot.merge.recipe.Combination.Space;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules for the elements of several changes, as PEFT has them. */
class MergedChangesTest {
  private BufferAllocator memory;
  private Matrices matrices;

  @BeforeEach
  void open() {
    memory = new RootAllocator();
    matrices = new Matrices(List.of(new ScalarProvider()), memory, 1);
  }

  @AfterEach
  void close() {
    matrices.close();
    memory.close();
  }

  private Matrix row(double... elements) {
    Matrix matrix = matrices.zeros(1, elements.length);
    matrix.write(0, 0, elements, 0, elements.length);
    return matrix;
  }

  private static double[] elements(Matrix matrix) {
    double[] all = new double[matrix.rows() * matrix.columns()];
    for (int i = 0; i < matrix.rows(); i++) {
      matrix.read(i, 0, all, i * matrix.columns(), matrix.columns());
    }
    return all;
  }

  private double[] merged(
      Rule rule, double density, boolean countsSigns, double[] weights, Matrix... changes) {
    Combination how = new Combination(rule, Space.DENSE, density, countsSigns);
    List<RandomStream> draws =
        Arrays.stream(changes).map(any -> new RandomStream(any.columns())).toList();
    return elements(
        new MergedChanges(how, Arrays.stream(weights).boxed().toList(), draws)
            .of(matrices, List.of(changes)));
  }

  @Test
  void sumsWithWeights() {
    assertThat(merged(Rule.SUM, 1, false, new double[] {2, -1}, row(1, 2, 3), row(10, 0, -1)))
        .containsExactly(-8, 4, 7);
  }

  @ParameterizedTest
  @CsvSource({"0.2, 1", "0.39, 1", "0.4, 2", "0.99, 4", "1, 5"})
  void keepsAsManyAsTheDensityAllowsRoundedDown(double density, int kept) {
    double[] pruned = merged(Rule.PRUNE, density, false, new double[] {1}, row(3, -9, 1, 5, -7));
    assertThat(Arrays.stream(pruned).filter(element -> element != 0)).hasSize(kept);
    assertThat(pruned[1]).isEqualTo(-9); // not scaled up
  }

  @Test
  void keepsNothingWhereTheDensityAllowsLessThanOne() {
    assertThat(merged(Rule.PRUNE, 0.1, false, new double[] {1}, row(3, -9, 1)))
        .containsExactly(0, 0, 0);
  }

  @Test
  void ofEqualMagnitudesThoseThatComeFirstAreKept() {
    assertThat(merged(Rule.PRUNE, 0.5, false, new double[] {1}, row(1, -2, 2, -2, 2, 0)))
        .containsExactly(0, -2, 2, -2, 0, 0);
  }

  @Test
  void keepsTheLargestWhateverTheirScale() {
    double[] tiny = {1e-300, -3e-310, 2e-300, 0};
    assertThat(merged(Rule.PRUNE, 0.5, false, new double[] {1}, row(tiny)))
        .containsExactly(1e-300, 0, 2e-300, 0);
  }

  @Test
  void electsSignsWithoutWeightsAndDividesByHowManyAgree() {
    // sums: 1 + 3 − 2 > 0; −1 − 1 + 5 > 0; 0 − 1 − 1 < 0
    double[] made =
        merged(
            Rule.TIES,
            1,
            false,
            new double[] {0.5, 1, 10},
            row(1, -1, 0),
            row(3, -1, -1),
            row(-2, 5, -1));
    assertThat(made).containsExactly((0.5 * 1 + 1 * 3) / 2, 10 * 5, (-1 - 10) / 2.0);
  }

  @Test
  void electsSignsByTheirNumberWhereThatIsAsked() {
    Matrix[] changes = {row(-1), row(-1), row(5)};
    double[] weights = {1, 1, 1};
    assertThat(merged(Rule.TIES, 1, false, weights, row(-1), row(-1), row(5))).containsExactly(5);
    assertThat(merged(Rule.TIES, 1, true, weights, changes)).containsExactly(-1);
  }

  @Test
  void aTieOfVotesIsPositiveAndZerosAgreeWithNobody() {
    assertThat(merged(Rule.TIES, 1, true, new double[] {1, 1}, row(-3, 0), row(2, 0)))
        .containsExactly(2, 0);
  }

  @Test
  void dropsKeepTheMeanAndAreTheSameEveryTime() {
    double[] ones = new double[100_000];
    Arrays.fill(ones, 1);
    double[] dropped = merged(Rule.DARE, 0.25, false, new double[] {1}, row(ones));
    assertThat(Arrays.stream(dropped).average().orElseThrow()).isCloseTo(1, within(0.03));
    assertThat(Arrays.stream(dropped).distinct()).containsExactlyInAnyOrder(0.0, 4.0);
    assertThat(merged(Rule.DARE, 0.25, false, new double[] {1}, row(ones)))
        .containsExactly(dropped);
  }

  @Test
  void nothingIsDroppedOrPrunedAtADensityOfOne() {
    double[] all = {0.5, -1e-9, 3, 0};
    for (Rule rule : List.of(Rule.PRUNE, Rule.DARE, Rule.TIES, Rule.DARE_TIES)) {
      assertThat(merged(rule, 1, false, new double[] {1}, row(all)))
          .as(rule.word())
          .usingElementComparator((a, b) -> Double.compare(a + 0.0, b + 0.0))
          .containsExactly(all);
    }
  }
}
