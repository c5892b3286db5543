package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Providers;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who computes on this machine: chosen once in the life of a JVM. */
public final class KernelChoice {
  public static final String AUTO = "auto";

  private static final List<KernelProvider> CPU =
      List.of(new VectorProvider(), new ScalarProvider());
  private static final Map<String, KernelProvider> CHOSEN = new ConcurrentHashMap<>();

  private KernelChoice() {}

  /**
   * The provider of that name, or the fastest that runs here.
   *
   * @throws IllegalArgumentException if there is none of that name, or it cannot run here
   */
  public static KernelProvider of(String name) {
    return CHOSEN.computeIfAbsent(
        name,
        wanted ->
            wanted.equals(AUTO)
                ? Providers.fastest(CPU)
                : Providers.forced(wanted, CPU));
  }

  /** The fastest without a GPU. */
  public static KernelProvider cpu() {
    return CHOSEN.computeIfAbsent("cpu", any -> Providers.fastest(CPU));
  }
}
