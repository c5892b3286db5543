package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.Delta.Products.Term;
import dev.stockpot.merge.recipe.Combination;
import dev.stockpot.merge.recipe.Combination.Rule;
import dev.stockpot.merge.recipe.Combination.Space;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes of matrices, and the memory and rank of what is made of them. */
class DeltaTest {
  private static final long ROWS = 6;
  private static final long COLUMNS = 4;

  static Term term(long rows, long columns, long rank) {
    return new Term(
        Works.stored("b", DType.F32, rows, rank),
        Works.stored("a", DType.F32, rank, columns),
        rank,
        1,
        1,
        0);
  }

  private static Delta products(Rule rule, Space space, long... ranks) {
    List<Term> terms = new ArrayList<>();
    for (long rank : ranks) {
      terms.add(term(ROWS, COLUMNS, rank));
    }
    return new Delta.Products(
        Shape.of(ROWS, COLUMNS), terms, new Combination(rule, space, 1, false), 0);
  }

  /**
   * Of ranks 1 and 2: 8 thin matrices of 10 x 3 and 12 of 3 x 3, in float64, and what a rule adds.
   */
  @ParameterizedTest
  @CsvSource({
    "CAT, DENSE, 2784",
    "SUM, DENSE, 2784",
    "SUM, CORE, 2784",
    "TIES, DENSE, 3168", // and 2 matrices of 6 x 4
    "DARE, DENSE, 3168",
    "TIES, CORE, 2784",
    "TIES, KNOTS, 3936", // and 6 of 3 x 8
    "SUM, KNOTS, 3936"
  })
  void takesThinMatricesAndWhatItsRuleLooksAt(Rule rule, Space space, long bytes) {
    assertThat(products(rule, space, 1, 2).workingBytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "CAT, DENSE, 5",
    "SUM, DENSE, 4",
    "TIES, DENSE, 4",
    "TIES, CORE, 4",
    "FACTORS, DENSE, 2",
    "LORAHUB, DENSE, 2"
  })
  void hasAtMostTheRankThatItsRuleCanGive(Rule rule, Space space, long rank) {
    assertThat(products(rule, space, 2, 3).mostRank()).isEqualTo(rank);
  }

  @Test
  void thinsToAnyRankOfTheMatrixWhereItLooksAtAllOfIt() {
    assertThat(products(Rule.TIES, Space.DENSE, 1, 1).mostRank()).isEqualTo(4);
    assertThat(products(Rule.TIES, Space.CORE, 1, 1).mostRank()).isEqualTo(2);
    assertThat(products(Rule.SUM, Space.DENSE, 1, 1).mostRank()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "CAT, true",
    "FACTORS, true",
    "LORAHUB, true",
    "SUM, false",
    "TIES, false",
    "PRUNE, false"
  })
  void someRulesKeepTheFactors(Rule rule, boolean keeps) {
    assertThat(products(rule, Space.DENSE, 2, 2).keepsFactors()).isEqualTo(keeps);
  }

  @Test
  void readsBothFactorsOfEachTermInOrder() {
    Term first = term(ROWS, COLUMNS, 1);
    Term second = term(ROWS, COLUMNS, 2);
    Combination sum = new Combination(Rule.SUM, Space.DENSE, 1, false);

    assertThat(
            new Delta.Products(Shape.of(ROWS, COLUMNS), List.of(first, second), sum, 0).sources())
        .containsExactly(first.left(), first.right(), second.left(), second.right());
  }

  @Test
  void refusesFactorsOfAnotherMatrixOrRank() {
    Combination sum = new Combination(Rule.SUM, Space.DENSE, 1, false);
    Term fits = term(ROWS, COLUMNS, 2);

    for (Term other :
        List.of(
            term(ROWS + 1, COLUMNS, 2),
            term(ROWS, COLUMNS + 1, 2),
            new Term(fits.left(), fits.right(), 1, 1, 1, 0))) {
      assertThatThrownBy(
              () -> new Delta.Products(Shape.of(ROWS, COLUMNS), List.of(fits, other), sum, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("is no product for [6, 4]");
    }
  }

  @Test
  void aDifferenceIsOfTwoMatricesOfOneShape() {
    TensorSource matrix = Works.stored(DType.F32, 6, 4);
    TensorSource turned = Works.stored(DType.F32, 4, 6);
    TensorSource vector = Works.stored(DType.F32, 24);

    Delta.Difference difference = new Delta.Difference(matrix, Works.stored(DType.BF16, 6, 4));
    assertThat(difference.mostRank()).isEqualTo(4);
    assertThat(new Delta.Difference(turned, turned).mostRank()).isEqualTo(4);
    assertThat(difference.workingBytes()).isZero();
    assertThatThrownBy(() -> new Delta.Difference(matrix, turned))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a change from [6, 4] to [4, 6]");
    assertThatThrownBy(() -> new Delta.Difference(vector, vector))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a change from [24] to [24]");
  }
}
