package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.merge.recipe.MissingTensors;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import dev.stockpot.merge.storage.ByteRange;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans of methods that merge row by row. */
class RowPlanTest {
  private static final String ROWS =
      """
      merge_method: model_stock
      base_model: a
      parameters: {filter_wise: true}
      models:
        - model: b
        - model: c
      """;

  private static Planning planning(long taskBytes, long... shape) {
    return Planning.of(
            ROWS,
            ModelHeaders.named("a").tensor("x", shape),
            ModelHeaders.named("b").tensor("x", shape),
            ModelHeaders.named("c").tensor("x", shape))
        .with(
            new PlanSettings(
                1L << 40, 1, taskBytes, MissingTensors.FAIL, SafetensorsLayout.CHECKPOINT));
  }

  private static List<ByteRange> slices(MergePlan plan) {
    return plan.parts().stream()
        .flatMap(part -> part.slices().stream())
        .map(SliceTask::bytes)
        .sorted(Comparator.comparingLong(ByteRange::begin))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"1, 3000000", "7, 600000", "4097, 1000", "70001, 40", "1048576, 3"})
  void cutsTensorsBetweenRowsAndBetweenBlocksOfReductions(long columns, long rows) {
    List<ByteRange> slices = slices(planning(64 * MIB, rows, columns).plan());

    assertThat(slices).hasSizeGreaterThan(2);
    for (ByteRange slice : slices) {
      long first = slice.begin() / 2;
      assertThat(first % columns).isZero();
      assertThat(first % Block.reductionElements(columns)).isZero();
    }
    assertThat(slices.get(slices.size() - 1).end()).isEqualTo(2 * rows * columns);
  }

  @Test
  void cutsTensorsOfOtherMethodsWhereItAlwaysDid() {
    MergePlan plan =
        Planning.of(Planning.linear("a"), ModelHeaders.named("a").tensor("x", 1_000, 4_097))
            .with(
                new PlanSettings(
                    1L << 40, 1, MIB, MissingTensors.FAIL, SafetensorsLayout.CHECKPOINT))
            .plan();

    assertThat(slices(plan)).allMatch(slice -> slice.begin() % (2 << 20) == 0);
  }

  @Test
  void rowsThatNoKernelHoldsAreAProblem() {
    planning(1L << 40, 2, (1 << 20) + 1)
        .assertProblems(
            "recipe.yml:4: rows of 1048577 elements are too long to be merged row by row; the longest"
                + " have 1048576, for x");
    assertThat(planning(1L << 40, (1 << 20) + 1).plan().tensors()).isOne(); // not row by row
  }

  @Test
  void rowsThatNoTaskHoldsAreAProblem() {
    long bytes = 4 * 2 * 65_536; // of three inputs and the output

    assertThat(planning(bytes, 2, 65_536).plan().tensors()).isOne();
    planning(bytes - 1, 2, 65_536)
        .assertProblems(
            "recipe.yml:4: a row of all inputs takes 524288 bytes, more than a task's 524287; raise"
                + " task-memory, for x");
  }

  @Test
  void rowsOfNoElementsAreNoProblem() {
    assertThat(planning(MIB, 5, 0).plan().bytesRead()).isZero();
  }
}
