package dev.stockpot.kernels.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Scan.BlockScan;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.observe.DifferenceScan.Differences;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.statistic.PartialSums;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How tensors differ from those of a base, by their names. */
class DifferenceScanTest {
  private static Differences found(String tensor, float[] base, float... other) {
    try (Operands operands = new Operands();
        Kernels<?> kernels = new ScalarProvider().open()) {
      List<Operand> inputs = List.of(operands.of(DType.F32, base), operands.of(DType.BF16, other));
      BlockScan scan = new DifferenceScan(tensor).open(kernels);
      Block.each(0, base.length, kernels.capacity(), block -> scan.scan(block, inputs));
      return Differences.of(scan.found());
    }
  }

  @Test
  void isWhatTheSecondHasOnTopOfTheFirst() {
    Figures figures =
        found("w", new float[] {1, 2, -2, 0}, 4, -2, -2, 0).tensors().get("w").figures();

    assertThat(figures.norm(0)).isEqualTo(5);
    assertThat(figures.baseNorm()).hasValue(3);
    assertThat(figures.elements()).isEqualTo(4).isEqualTo(figures.sampled());
    assertThat(figures.magnitudes().get(0).zeros()).isEqualTo(2);
    assertThat(figures.distance(0)).isEmpty();
  }

  @Test
  void slicesOfATensorAddUpAndTensorsStayApart() {
    Differences first = found("w", new float[] {0, 0}, 3, 0);
    Differences second = found("w", new float[] {1}, 5);
    Differences other = found("v", new float[] {1}, 1);
    Differences all = first.plus(other).plus(second);

    assertThat(all.tensors()).containsOnlyKeys("w", "v");
    assertThat(all.tensors().get("w").figures().norm(0)).isEqualTo(5);
    assertThat(all.tensors().get("w").elements()).isEqualTo(3);
    assertThat(all.tensors().get("v").figures().norm(0)).isZero();
    assertThat(first.tensors()).as("of the one that was there").containsOnlyKeys("w");
  }

  @Test
  void otherFindingsAreRefused() {
    Differences some = found("w", new float[] {1}, 1);
    PartialSums sums = new PartialSums(1, new double[1]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> some.plus(sums))
        .withMessageEndingWith("are no differences");
    assertThatIllegalArgumentException().isThrownBy(() -> Differences.of(sums));
  }
}
