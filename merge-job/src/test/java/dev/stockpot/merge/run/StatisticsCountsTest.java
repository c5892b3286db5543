package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.storage.MemoryStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many samples a module's statistics are of: one number above 0. */
class StatisticsCountsTest {
  private final MemoryStore store = new MemoryStore();
  private final MemoryModel statistics = MemoryModel.in(store, "s3://b/stats");
  private final List<String> faults = new ArrayList<>();

  private Map<String, Double> counts() throws IOException {
    return StatisticsCounts.of(
        OpenedModel.statistics(store, statistics.write().folder()),
        new StatisticsNumbers(store),
        faults);
  }

  @Test
  void areReadByModuleInAnyTypeAndAsANumberOrAVectorOfOne() throws IOException {
    statistics
        .tensor("a.count", DType.I64, Shape.of(1), 0x1p40)
        .tensor("b.c.count", DType.F32, Shape.of(), 0.5)
        .tensor("d.count", DType.F64, Shape.of(1, 1), 3)
        .floats("a.gram_diag", 7)
        .floats("counts", 8)
        .floats("discount", 9);
    assertThat(counts())
        .containsOnly(Map.entry("a", 0x1p40), Map.entry("b.c", 0.5), Map.entry("d", 3.0));
    assertThat(faults).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 0.0", "-3, -3.0", "NaN, NaN", "Infinity, Infinity"})
  void ofNothingOrOfNobodyKnowsHowManyIsAFault(float count, String told) throws IOException {
    statistics.floats("m.count", count).floats("n.count", 5);
    assertThat(counts()).containsOnly(Map.entry("n", 5.0));
    assertThat(faults)
        .containsExactly(
            "m.count is %s, must be one number above 0. Compute it again".formatted(told));
  }

  @Test
  void severalNumbersAreNoneAndToldByTheirShape() throws IOException {
    statistics.floats("m.count", 5, 6).tensor("n.count", DType.F32, Shape.of(0));
    assertThat(counts()).isEmpty();
    assertThat(faults)
        .containsExactly(
            "m.count is [2], must be one number above 0. Compute it again",
            "n.count is [0], must be one number above 0. Compute it again");
  }
}
