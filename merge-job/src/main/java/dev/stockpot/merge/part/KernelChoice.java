package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Providers;
import dev.stockpot.kernels.rapids.cudf.CudfProvider;
import dev.stockpot.kernels.rapids.cudf.GpuSettings;
import dev.stockpot.kernels.rapids.cudf.GpuTask;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who computes on this machine. What was chosen once holds for the life of a JVM: a GPU has one
 * pool of memory and one number of tasks that share it, whichever merge they are of.
 */
public final class KernelChoice {
  public static final String AUTO = "auto";

  private static final Logger LOG = LoggerFactory.getLogger(KernelChoice.class);
  private static final List<KernelProvider> CPU =
      List.of(new VectorProvider(), new ScalarProvider());
  private static final KernelChoice OF_THIS_JVM = new KernelChoice(CudfProvider::of);

  private final BiFunction<GpuSettings, GpuTask, KernelProvider> gpus;
  private final Map<String, KernelProvider> chosen = new HashMap<>();
  private Optional<Gpu> gpu = Optional.empty();

  /** Chosen when it is asked for first. */
  private static final class Cpu {
    private static final KernelProvider FASTEST = Providers.fastest(CPU);
  }

  /** The GPU as the first that asked for it wished it to be. */
  private record Gpu(KernelProvider provider, GpuSettings settings) {}

  KernelChoice(BiFunction<GpuSettings, GpuTask, KernelProvider> gpus) {
    this.gpus = gpus;
  }

  /**
   * The provider of that name, or the fastest that runs here.
   *
   * @param settings of a GPU. None of them changes a result, so where a merge before had others,
   *     those stay, and the log tells it
   * @param task what the calling task knows of its GPU; all of a JVM have the same
   * @throws IllegalArgumentException if there is none of that name, or it cannot run here
   */
  public static KernelProvider of(String name, GpuSettings settings, GpuTask task) {
    return OF_THIS_JVM.choose(name, settings, task);
  }

  synchronized KernelProvider choose(String name, GpuSettings settings, GpuTask task) {
    KernelProvider known = chosen.get(name);
    if (known == null) {
      List<KernelProvider> fastestFirst = withCpu(gpu(settings, task).provider());
      known =
          name.equals(AUTO)
              ? Providers.fastest(fastestFirst)
              : Providers.forced(name, fastestFirst);
      chosen.put(name, known);
    }
    warnOfOthers(known, settings);
    return known;
  }

  private Gpu gpu(GpuSettings settings, GpuTask task) {
    if (gpu.isEmpty()) {
      gpu = Optional.of(new Gpu(gpus.apply(settings, task), settings));
    }
    return gpu.get();
  }

  private void warnOfOthers(KernelProvider known, GpuSettings wanted) {
    if (gpu.isPresent() && gpu.get().provider() == known && !gpu.get().settings().equals(wanted)) {
      LOG.warn(
          "GPU: set up for {}, which stays as long as this JVM; a merge asks for {}",
          gpu.get().settings(),
          wanted);
      gpu = Optional.of(new Gpu(known, wanted)); // and is told once
    }
  }

  /** All that could run somewhere, the fastest first. */
  public static List<KernelProvider> all(GpuSettings settings, GpuTask task) {
    return withCpu(CudfProvider.of(settings, task));
  }

  private static List<KernelProvider> withCpu(KernelProvider gpu) {
    List<KernelProvider> providers = new ArrayList<>();
    providers.add(gpu);
    providers.addAll(CPU);
    return providers;
  }

  /** The fastest without a GPU. */
  public static KernelProvider cpu() {
    return Cpu.FASTEST;
  }
}
