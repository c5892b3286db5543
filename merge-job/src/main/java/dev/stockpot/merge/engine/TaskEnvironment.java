package dev.stockpot.merge.engine;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.rapids.cudf.GpuSettings;
import dev.stockpot.kernels.rapids.cudf.GpuTask;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.part.KernelChoice;
import dev.stockpot.merge.part.PartRunner;
import dev.stockpot.merge.part.PartSettings;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.ObjectStore;
import java.io.Serializable;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What every task of a merge is sent.
 *
 * @param provider name of the kernel provider, or {@code auto}
 * @param gpu how tasks share a GPU, where they use one
 */
public record TaskEnvironment(
    ObjectStore store, String provider, GpuSettings gpu, PartSettings settings)
    implements Serializable {

  interface Work<T> {
    T run(PartRunner runner) throws Exception;
  }

  /**
   * Does a task's work with memory of its own, which must all be returned.
   *
   * @param partBytes memory of the part that it makes, if it makes one
   * @param given what the task knows of the GPU that it was given
   */
  <T> T run(String name, long partBytes, GpuTask given, Work<T> work) throws Exception {
    KernelProvider kernels = kernels(given);
    ProcessTotals.uses(store);
    ObjectSource.Use kept = store.use();
    try (BufferAllocator memory = ExecutorMemory.forTask(name, settings.taskBytes() + partBytes)) {
      return work.run(new PartRunner(store, kernels, settings, memory));
    } finally {
      kept.close();
    }
  }

  private KernelProvider kernels(GpuTask given) {
    try {
      return KernelChoice.of(provider, gpu, given);
    } catch (IllegalArgumentException e) {
      throw new UserException(
          "Settings: provider is %s, but on an executor %s. provider=auto takes what each has"
              .formatted(provider, e.getMessage()),
          e);
    }
  }
}
