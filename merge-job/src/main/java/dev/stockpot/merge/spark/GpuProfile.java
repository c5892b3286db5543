package dev.stockpot.merge.spark;

import org.apache.spark.resource.ExecutorResourceRequests;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;

/**
 * Asks Spark for executors with a GPU for our stages only, so that a cluster needs no settings for
 * all of its jobs. Spark's dynamic allocation has to be on.
 */
final class GpuProfile {
  private GpuProfile() {}

  /**
   * One GPU for each executor.
   *
   * @param tasks that share it
   */
  static ResourceProfile sharedBy(int tasks) {
    return new ResourceProfileBuilder()
        .require(new ExecutorResourceRequests().resource(SparkGpu.RESOURCE, 1, "", ""))
        .require(new TaskResourceRequests().cpus(1).resource(SparkGpu.RESOURCE, 1.0 / tasks))
        .build();
  }
}
