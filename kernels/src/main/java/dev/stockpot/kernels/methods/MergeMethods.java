package dev.stockpot.kernels.methods;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.methods.average.AverageMethods;
import dev.stockpot.kernels.methods.consensus.ConsensusMethods;
import dev.stockpot.kernels.methods.fusion.FusionMethods;
import dev.stockpot.kernels.methods.robust.RobustMethods;
import dev.stockpot.kernels.methods.sphere.SphereMethods;
import dev.stockpot.kernels.methods.taskvector.TaskVectorMethods;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Every merge method there is: ours, and those that jars on the class path bring as services. */
public final class MergeMethods {
  private static final List<MergeMethod> OURS =
      Stream.of(
              AverageMethods.ALL,
              RobustMethods.ALL,
              SphereMethods.ALL,
              TaskVectorMethods.ALL,
              FusionMethods.ALL,
              ConsensusMethods.ALL)
          .flatMap(List::stream)
          .toList();

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
