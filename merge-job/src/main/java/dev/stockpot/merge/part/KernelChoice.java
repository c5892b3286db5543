package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Providers;
import dev.stockpot.kernels.rapids.cudf.CudfProvider;
import dev.stockpot.kernels.rapids.cudf.GpuSettings;
import dev.stockpot.kernels.rapids.cudf.GpuTask;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.ArrayList;
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
   * @param gpu what the first task of this JVM knows of its GPU, and all have alike
   * @throws IllegalArgumentException if there is none of that name, or it cannot run here
   */
  public static KernelProvider of(String name, GpuSettings settings, GpuTask gpu) {
    return CHOSEN.computeIfAbsent(
        name,
        wanted -> {
          List<KernelProvider> fastestFirst = all(settings, gpu);
          return wanted.equals(AUTO)
              ? Providers.fastest(fastestFirst)
              : Providers.forced(wanted, fastestFirst);
        });
  }

  /** All that could run somewhere, the fastest first. */
  public static List<KernelProvider> all(GpuSettings settings, GpuTask gpu) {
    List<KernelProvider> providers = new ArrayList<>();
    providers.add(CudfProvider.of(settings, gpu));
    providers.addAll(CPU);
    return providers;
  }

  /** The fastest without a GPU. */
  public static KernelProvider cpu() {
    return CHOSEN.computeIfAbsent("cpu", any -> Providers.fastest(CPU));
  }
}
