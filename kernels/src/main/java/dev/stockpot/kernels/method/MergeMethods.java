package dev.stockpot.kernels.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Every merge method there is: ours, and those that jars on the class path bring as services. */
public final class MergeMethods {
  private static final List<MergeMethod> OURS =
      List.of(
          new Linear(),
          new CheckpointAverage(),
          new UniformSoup(),
          CoordinateMean.MEDIAN,
          CoordinateMean.TRIMMED_MEAN,
          new GeometricMedian(),
          new MultiKrum(),
          new Slerp(),
          new Nuslerp(),
          new Multislerp(),
          new Karcher(),
          new ModelStock(),
          new Nearswap(),
          new Passthrough(),
          TaskArithmetic.TASK_ARITHMETIC,
          TaskArithmetic.TIES,
          TaskArithmetic.DARE_LINEAR,
          TaskArithmetic.DARE_TIES,
          TaskArithmetic.DELLA,
          TaskArithmetic.DELLA_LINEAR,
          new Sce(),
          new ArceeFusion(),
          TaskArithmetic.BREADCRUMBS,
          TaskArithmetic.BREADCRUMBS_TIES,
          new Lines(),
          new ConsensusMask(),
          LargestChange.MAGMAX,
          LargestChange.EMR,
          Ram.RAM,
          Ram.RAMPLUS_TL);

  private static final List<MergeMethod> ALL = with(ServiceLoader.load(MergeMethod.class));

  private MergeMethods() {}

  public static List<MergeMethod> all() {
    return ALL;
  }

  public static Optional<MergeMethod> named(String name) {
    return ALL.stream().filter(method -> method.name().equals(name)).findFirst();
  }

  /**
   * Ours, and others by name.
   *
   * @throws IllegalStateException if two methods have one name: a recipe could mean either
   */
  static List<MergeMethod> with(Iterable<MergeMethod> others) {
    Map<String, MergeMethod> found = new TreeMap<>();
    for (MergeMethod method : others) {
      boolean isTaken = OURS.stream().anyMatch(ours -> ours.name().equals(method.name()));
      if (isTaken || found.putIfAbsent(method.name(), method) != null) {
        throw new IllegalStateException(
            "%s is a second merge method of the name %s; rename it"
                .formatted(method.getClass().getName(), method.name()));
      }
    }
    List<MergeMethod> all = new ArrayList<>(OURS);
    all.addAll(found.values());
    return List.copyOf(all);
  }
}
