package dev.stockpot.kernels.rapids.cudf;

import java.util.OptionalInt;

/** What whoever runs tasks knows of the GPU that the current one was given. */
public interface GpuTask {
  /** Outside of any scheduler: the first GPU, shared with nobody. */
  GpuTask NONE =
      new GpuTask() {
        @Override
        public OptionalInt address() {
          return OptionalInt.empty();
        }

        @Override
        public Object context() {
          throw new IllegalStateException("no scheduler runs this task");
        }
      };

  /** Which GPU; empty if the scheduler does not know GPUs. */
  OptionalInt address();

  /** The scheduler's own object for the current task, which its GPU plugin asks for. */
  Object context();
}
