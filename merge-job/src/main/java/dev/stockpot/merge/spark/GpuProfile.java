package dev.stockpot.merge.spark;

import dev.stockpot.merge.UserException;
import org.apache.spark.api.java.JavaSparkContext;
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
   * One GPU for each executor. Made after Spark's own profile: the first one of a JVM gets the
   * number of that, and is then ignored.
   *
   * @param tasks that share it
   * @throws UserException if this cluster gives no executors on demand
   */
  static ResourceProfile sharedBy(int tasks, JavaSparkContext spark) {
    ResourceProfile profile =
        new ResourceProfileBuilder()
            .require(new ExecutorResourceRequests().resource(SparkGpu.RESOURCE, 1, "", ""))
            .require(new TaskResourceRequests().cpus(1).resource(SparkGpu.RESOURCE, 1.0 / tasks))
            .build();
    try {
      spark.emptyRDD().withResources(profile); // asks whether it could be had
      return profile;
    } catch (Exception e) { // Scala declares none
      throw new UserException(
          "gpu-request is on, but Spark gives no executors on demand (%s); set"
                  .formatted(e.getMessage())
              + " spark.dynamicAllocation.enabled=true, or leave gpu-request off and set"
              + " spark.executor.resource.gpu.amount=1 and spark.task.resource.gpu.amount",
          e);
    }
  }
}
