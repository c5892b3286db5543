package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.method.Measures;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.memory.ArrowBuf;

/** A step that puts elements together once all pieces of a {@link Load} are there. */
@FunctionalInterface
interface AssemblyStep {
  /**
   * Takes the step.
   *
   * @param buffers of the load
   * @param cpu who computes
   * @throws NonFiniteException if elements are to be checked and one is NaN or infinite
   */
  void run(List<ArrowBuf> buffers, KernelProvider cpu) throws IOException;

  /**
   * Takes the step, and tells what is found on the way.
   *
   * @param found who takes that, by the tensor that it is of
   */
  default void run(List<ArrowBuf> buffers, KernelProvider cpu, Function<String, Measures> found)
      throws IOException {
    run(buffers, cpu);
  }
}
