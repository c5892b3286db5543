package dev.stockpot.merge.spark;

import dev.stockpot.kernels.rapids.cudf.GpuTask;
import java.io.Serializable;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/** The GPU that Spark's scheduler gave to the task on the calling thread, wherever it was sent. */
final class SparkGpu implements GpuTask, Serializable {
  private static final long serialVersionUID = 1;

  /** The name under which Spark schedules GPUs: {@code spark.task.resource.gpu.amount}. */
  static final String RESOURCE = "gpu";

  @Override
  public OptionalInt address() {
    Optional<TaskContext> task = Optional.ofNullable(TaskContext.get());
    Optional<ResourceInformation> gpu =
        task.map(TaskContext::resourcesJMap).map(resources -> resources.get(RESOURCE));
    return gpu.isPresent() && gpu.get().addresses().length > 0
        ? OptionalInt.of(number(gpu.get().addresses()[0]))
        : OptionalInt.empty();
  }

  private static int number(String address) {
    try {
      return Integer.parseInt(address);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "Spark names the GPU '%s'; its discovery script must print numbers, as".formatted(address)
              + " getGpusResources.sh of Spark does",
          e);
    }
  }

  @Override
  public Object context() {
    return TaskContext.get();
  }
}
