package dev.stockpot.kernels.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.method.StatisticLayout.Form;
import dev.stockpot.kernels.number.Shape;
import org.junit.jupiter.api.Test;

class StatisticLayoutTest {
  private static final String MODULE = "model.layers.0.mlp.up_proj";
  private static final String TENSOR = MODULE + ".weight";

  @Test
  void elementsAreCalledLikeTheTensorOrLikeAdamsSecondMoments() {
    assertThat(StatisticLayout.ELEMENTS.forms(TENSOR, MODULE, Shape.of(6, 4), false))
        .containsExactly(
            new Form(TENSOR, Shape.of(6, 4)), new Form(TENSOR + ".exp_avg_sq", Shape.of(6, 4)));
    assertThat(StatisticLayout.ELEMENTS.isOfEveryTensor()).isTrue();
  }

  @Test
  void aGramMatrixIsOfTheInputsWholeOrItsUpperTriangle() {
    assertThat(StatisticLayout.GRAM.forms(TENSOR, MODULE, Shape.of(6, 4), false))
        .containsExactly(
            new Form(MODULE + ".gram", Shape.of(4, 4)),
            new Form(MODULE + ".gram_upper", Shape.of(10)));
  }

  @Test
  void aMatrixThatIsStoredTheOtherWayHasItsInputsAsRows() {
    assertThat(StatisticLayout.GRAM.forms(TENSOR, MODULE, Shape.of(6, 4), true).get(0).shape())
        .isEqualTo(Shape.of(6, 6));
    assertThat(
            StatisticLayout.GRAM_DIAGONAL.forms(TENSOR, MODULE, Shape.of(6, 4), true).get(0).shape())
        .isEqualTo(Shape.of(6));
  }

  @Test
  void onlyMatricesHaveAGramMatrix() {
    assertThat(StatisticLayout.GRAM.forms(TENSOR, MODULE, Shape.of(4), false)).isEmpty();
    assertThat(StatisticLayout.GRAM.forms(TENSOR, MODULE, Shape.of(2, 3, 4), false)).isEmpty();
    assertThat(StatisticLayout.GRAM.isOfEveryTensor()).isFalse();
  }

  @Test
  void aDiagonalIsOfMatricesAndOfTheFactorsOfNorms() {
    assertThat(StatisticLayout.GRAM_DIAGONAL.forms(TENSOR, MODULE, Shape.of(6, 4), false))
        .containsExactly(new Form(MODULE + ".gram_diag", Shape.of(4)));
    assertThat(StatisticLayout.GRAM_DIAGONAL.forms(TENSOR, MODULE, Shape.of(5), true))
        .containsExactly(new Form(MODULE + ".gram_diag", Shape.of(5)));
    assertThat(StatisticLayout.GRAM_DIAGONAL.forms(TENSOR, MODULE, Shape.of(), false)).isEmpty();
    assertThat(StatisticLayout.GRAM_DIAGONAL.forms(TENSOR, MODULE, Shape.of(2, 2, 2), false))
        .isEmpty();
  }

  @Test
  void theLargestTriangleIsCountedWithoutOverflow() {
    assertThat(StatisticLayout.GRAM.forms(TENSOR, MODULE, Shape.of(1, 100_000), false).get(1))
        .isEqualTo(new Form(MODULE + ".gram_upper", Shape.of(5_000_050_000L)));
  }

  @Test
  void aModuleIsWhatAWeightBelongsTo() {
    assertThat(StatisticLayout.moduleOf(TENSOR)).contains(MODULE);
    assertThat(StatisticLayout.moduleOf(MODULE + ".bias")).isEmpty();
    assertThat(StatisticLayout.moduleOf("experts.up_weight")).isEmpty();
  }
}
