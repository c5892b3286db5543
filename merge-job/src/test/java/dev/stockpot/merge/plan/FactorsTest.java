package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.recipe.Combination;
import dev.stockpot.merge.recipe.RankRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Thin matrices that are made of changes, as works. */
class FactorsTest {
  private static OutputTensor thin(String name, DType type, long rows, long columns) {
    return new OutputTensor(name, type, Shape.of(rows, columns));
  }

  private static Delta difference(long rows, long columns) {
    TensorSource matrix = Works.stored(DType.BF16, rows, columns);
    return new Delta.Difference(matrix, matrix);
  }

  private static Factors factors(Delta delta, boolean isTurned, OutputTensor a, OutputTensor b) {
    return new Factors("m", a, b, delta, isTurned, RankRule.number(8));
  }

  private static Factors factors(long rows, long columns, int rank) {
    return factors(
        difference(rows, columns),
        false,
        thin("a", DType.F32, rank, columns),
        thin("b", DType.F32, rows, rank));
  }

  @Test
  void lieOneBehindTheOtherInOneFile() {
    Factors work = factors(6, 4, 2);

    assertThat(work.outputs()).extracting(OutputTensor::name).containsExactly("a", "b");
    assertThat(work.liesTogether()).isTrue();
    assertThat(work.shape()).isEqualTo(Shape.of(2 * 4 + 6 * 2));
    assertThat(work.rank()).isEqualTo(2);
    assertThat(work.cut(1, 1)).containsExactly(new ElementSpan(0, 20));
    assertThat(work.bits()).isEqualTo(32);
  }

  @Test
  void areHeavySoThatAPartHoldsFewOfThem() {
    assertThat(factors(6, 4, 2).isHeavy()).isTrue();
    assertThat(factors(6, 4, 2).streams()).isFalse();
  }

  @Test
  void fitTheChangeOrItsTranspose() {
    OutputTensor a = thin("a", DType.F32, 2, 6);
    OutputTensor b = thin("b", DType.F32, 4, 2);

    assertThat(factors(difference(6, 4), true, a, b).rank()).isEqualTo(2);
    assertThatThrownBy(() -> factors(difference(6, 4), false, a, b))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("m [6, 4] is no product of ");
  }

  @Test
  void refuseWhatIsNoProductOfTheChange() {
    OutputTensor a = thin("a", DType.F32, 2, 4);
    List<List<OutputTensor>> unfit =
        List.of(
            List.of(a, thin("b", DType.F32, 6, 3)),
            List.of(a, thin("b", DType.F32, 5, 2)),
            List.of(a, thin("b", DType.BF16, 6, 2)),
            List.of(thin("a", DType.F32, 2, 3), thin("b", DType.F32, 6, 2)),
            List.of(thin("a", DType.F32, 0, 4), thin("b", DType.F32, 6, 0)),
            List.of(thin("a", DType.F32, 5, 4), thin("b", DType.F32, 6, 5)));

    for (List<OutputTensor> pair : unfit) {
      assertThatThrownBy(() -> factors(difference(6, 4), false, pair.get(0), pair.get(1)))
          .as("%s", pair)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("m [6, 4] is no product of ");
    }
    assertThat(factors(6, 4, 4).rank()).isEqualTo(4); // as many as it can have
  }

  @Test
  void takeTheChangeTheSearchAndBothFactorsInFloat64() {
    Factors work = factors(64, 32, 4);
    Demand search = Demand.largest(64, 32, 4);

    assertThat(work.workingBytes()).isEqualTo(8 * 64 * 32 + search.bytes() + 4 * 8 * (64 + 32) * 4);
    assertThat(work.operations()).isEqualTo(search.operations());
    assertThat(work.memory()) // inputs of a page each, and each result twice
        .isEqualTo(work.workingBytes() + 2 * Works.PAGE + 2 * 2 * Works.PAGE);
  }

  @Test
  void lookForNoSingularValuesWhereFactorsAreKept() {
    Combination kept = new Combination(Combination.Rule.CAT, Combination.Space.DENSE, 1, false);
    Delta delta =
        new Delta.Products(
            Shape.of(64, 32),
            List.of(DeltaTest.term(64, 32, 1), DeltaTest.term(64, 32, 2)),
            kept,
            0);
    Factors work = factors(delta, false, thin("a", DType.F32, 3, 32), thin("b", DType.F32, 64, 3));

    assertThat(work.workingBytes())
        .isEqualTo(8 * (8 * 96 * 3) + 12 * (8 * 3 * 3) + 4 * (8 * 96 * 3));
    assertThat(work.sources()).hasSize(4);
  }

  @Test
  void areRefusedWhereATaskHasOneByteLess() {
    Factors work = factors(64, 32, 4);

    assertThat(work.problem(work.memory())).isEmpty();
    assertThat(work.problem(work.memory() - 1))
        .hasValue(
            "its change as a matrix takes %s bytes, more than a task's %s; raise task-memory"
                .formatted(work.memory(), work.memory() - 1));
  }

  @Test
  void areRefusedWhereNoBufferHoldsTheChange() {
    assertThat(factors((1 << 14) + 1, (1 << 14) - 1, 1).problem(1L << 60)).isEmpty();
    assertThat(factors(1 << 14, 1 << 14, 1).problem(1L << 60))
        .hasValue(
            "a matrix of 268435456 elements is too large to be made of low rank; the largest have"
                + " 268435455");
  }
}
