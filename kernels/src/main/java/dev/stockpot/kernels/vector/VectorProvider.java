package dev.stockpot.kernels.vector;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.MatrixKernels;
import java.lang.module.ModuleFinder;
import java.util.Optional;

/** Runs where the JVM was started with the incubating vector module, as Spark starts its own. */
public final class VectorProvider implements KernelProvider {
  private static final String MODULE = "jdk.incubator.vector";

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public Optional<String> obstacle() {
    if (ModuleLayer.boot().findModule(MODULE).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        ModuleFinder.ofSystem().find(MODULE).isPresent()
            ? "this JVM runs without the module %1$s; start it with --add-modules=%1$s"
                .formatted(MODULE)
            : "this Java (%s) has no module %s; plain loops compute the same, a full JDK is faster"
                .formatted(System.getProperty("java.home"), MODULE));
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

  @Override
  public Optional<MatrixKernels> matrixKernels() {
    return Optional.of(new VectorMatrixKernels());
  }
}
