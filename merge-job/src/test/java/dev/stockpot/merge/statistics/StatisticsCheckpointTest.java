package dev.stockpot.merge.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.method.StatisticLayout;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Statistics are found by the names of tensors and modules. */
class StatisticsCheckpointTest {
  private static final String Q = "model.layers.3.self_attn.q_proj";
  private static final String K = "model.layers.3.self_attn.k_proj";
  private static final Shape MATRIX = Shape.of(8, 4);

  private static StatisticsCheckpoint of(ModelHeaders headers, boolean isTransposed) {
    return new StatisticsCheckpoint(
        headers.open(),
        new StatisticsNotes(
            Optional.empty(),
            Optional.of(true),
            isTransposed,
            Map.of("k_proj", "q_proj"),
            Optional.empty(),
            Optional.empty()),
        Map.of(Q, 300.0),
        List.of(),
        List.of());
  }

  private static ModelHeaders headers(String name, long... shape) {
    return ModelHeaders.named("stats").tensor(name, DType.F32, shape);
  }

  @Test
  void aModuleHasItsOwnOrThatWhoseInputsItShares() {
    StatisticsCheckpoint checkpoint = of(headers(Q + ".gram", 4, 4), false);
    for (String module : List.of(Q, K)) {
      StatisticsCheckpoint.Found found =
          checkpoint.find(StatisticLayout.GRAM, module + ".weight", MATRIX).orElseThrow();
      assertThat(found.name()).isEqualTo(Q + ".gram");
      assertThat(found.expected()).isEqualTo(Shape.of(4, 4));
      assertThat(found.facts().count()).isEqualTo(300);
      assertThat(found.facts().isSum()).isTrue();
    }
    assertThat(checkpoint.find(StatisticLayout.GRAM, Q + ".bias", Shape.of(8))).isEmpty();
    assertThat(
            checkpoint.find(StatisticLayout.GRAM, "model.layers.4.self_attn.k_proj.weight", MATRIX))
        .isEmpty();
  }

  @Test
  void itsOwnComesFirst() {
    StatisticsCheckpoint checkpoint =
        of(headers(Q + ".gram", 4, 4).tensor(K + ".gram_upper", DType.F32, 10), false);
    StatisticsCheckpoint.Found found =
        checkpoint.find(StatisticLayout.GRAM, K + ".weight", MATRIX).orElseThrow();
    assertThat(found.name()).isEqualTo(K + ".gram_upper");
    assertThat(found.expected()).isEqualTo(Shape.of(10));
    assertThat(found.facts().count()).isZero();
  }

  @Test
  void inputsAreRowsWhereMatricesAreStoredSo() {
    StatisticsCheckpoint checkpoint = of(headers(Q + ".gram", 8, 8), true);
    StatisticsCheckpoint.Found found =
        checkpoint.find(StatisticLayout.GRAM, Q + ".weight", MATRIX).orElseThrow();
    assertThat(found.expected()).isEqualTo(Shape.of(8, 8));
    assertThat(found.facts().isTransposed()).isTrue();
  }

  @Test
  void diagonalsAreOfMatricesAndOfFactors() {
    StatisticsCheckpoint checkpoint =
        of(headers(Q + ".gram_diag", 4).tensor("norm.gram_diag", DType.F32, 8), false);
    assertThat(
            checkpoint
                .find(StatisticLayout.GRAM_DIAGONAL, Q + ".weight", MATRIX)
                .orElseThrow()
                .expected())
        .isEqualTo(Shape.of(4));
    assertThat(
            checkpoint
                .find(StatisticLayout.GRAM_DIAGONAL, "norm.weight", Shape.of(8))
                .orElseThrow()
                .expected())
        .isEqualTo(Shape.of(8));
    assertThat(checkpoint.find(StatisticLayout.GRAM_DIAGONAL, "norm.weight", Shape.of(2, 2, 2)))
        .isEmpty();
  }

  @Test
  void elementsHaveTheirTensorsNameOrAdams() {
    StatisticsCheckpoint checkpoint =
        StatisticsCheckpoint.of(
            headers("a.weight", 8, 4).tensor("b.weight.exp_avg_sq", DType.F32, 8, 4).open());
    for (String name : List.of("a.weight", "b.weight")) {
      assertThat(checkpoint.find(StatisticLayout.ELEMENTS, name, MATRIX).orElseThrow().expected())
          .isEqualTo(MATRIX);
    }
    assertThat(checkpoint.find(StatisticLayout.ELEMENTS, "c.weight", MATRIX)).isEmpty();
  }

  @Test
  void namesAreThoseOfStatisticsWithoutCounts() {
    assertThat(of(headers(Q + ".gram", 4, 4).tensor(Q + ".count", DType.I64, 1), false).names())
        .containsExactly(Q + ".gram");
  }
}
