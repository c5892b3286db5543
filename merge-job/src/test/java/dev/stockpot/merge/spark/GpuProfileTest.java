package dev.stockpot.merge.spark;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** Executors with a GPU can be asked for where Spark makes executors on demand, and only there. */
class GpuProfileTest {
  @Test
  void saysWhatIsMissingWhereSparkMakesNoExecutorsOnDemand() {
    try (JavaSparkContext spark = new JavaSparkContext(MergeConf.of(1))) {
      assertThatThrownBy(() -> GpuProfile.sharedBy(2, spark))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("gpu-request is on, but Spark gives no executors on demand")
          .hasMessageContaining("set spark.dynamicAllocation.enabled=true");
    }
  }
}
