package dev.stockpot.kernels.vector;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import java.util.Optional;

/** Runs where the JVM was started with the incubating vector module, as Spark starts its own. */
public final class VectorProvider implements KernelProvider {
  @Override
  public String name() {
    return "vector";
  }

  @Override
  public Optional<String> obstacle() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        ? Optional.empty()
        : Optional.of(
            "this JVM runs without the module jdk.incubator.vector;"
                + " start it with --add-modules=jdk.incubator.vector");
  }

  @Override
  public String machine() {
    return "registers of %s bits, %s float32 lanes"
        .formatted(Lanes.FLOATS.vectorBitSize(), Lanes.COUNT);
  }

  @Override
  public Kernels<?> open(int elements) {
    return new VectorKernels(elements);
  }
}
