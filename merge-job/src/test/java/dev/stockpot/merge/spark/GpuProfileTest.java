package dev.stockpot.merge.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.resource.ResourceProfile;
import org.junit.jupiter.api.Test;

class GpuProfileTest {
  @Test
  void asksForOneGpuThatTasksShare() {
    ResourceProfile profile = GpuProfile.sharedBy(4);

    assertThat(profile.executorResourcesJMap().get("gpu").amount()).isEqualTo(1);
    assertThat(profile.taskResourcesJMap().get("gpu").amount()).isEqualTo(0.25);
    assertThat(profile.taskResourcesJMap().get("cpus").amount()).isEqualTo(1);
  }

  @Test
  void outsideOfATaskNobodyHasAGpu() {
    assertThat(new SparkGpu().address()).isEmpty();
  }
}
