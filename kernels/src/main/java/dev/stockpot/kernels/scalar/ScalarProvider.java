package dev.stockpot.kernels.scalar;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.MatrixKernels;
import java.util.Optional;

/** Runs everywhere. */
public final class ScalarProvider implements KernelProvider {
  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public Optional<String> obstacle() {
    return Optional.empty();
  }

  @Override
  public String machine() {
    return "plain loops";
  }

  @Override
  public Kernels<?> open(int elements) {
    return new ScalarKernels(elements);
  }

  @Override
  public Optional<MatrixKernels> matrixKernels() {
    return Optional.of(new ScalarMatrixKernels());
  }
}
