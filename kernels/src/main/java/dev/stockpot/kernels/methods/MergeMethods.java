package dev.stockpot.kernels.methods;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.methods.average.AverageMethods;
import dev.stockpot.kernels.methods.consensus.ConsensusMethods;
import dev.stockpot.kernels.methods.federated.FederatedMethods;
import dev.stockpot.kernels.methods.robust.RobustMethods;
import dev.stockpot.kernels.methods.spectral.SpectralMethods;
import dev.stockpot.kernels.methods.sphere.SphereMethods;
import dev.stockpot.kernels.methods.statistics.StatisticMethods;
import dev.stockpot.kernels.methods.taskvector.TaskVectorMethods;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
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
              ConsensusMethods.ALL,
              StatisticMethods.ALL,
              SpectralMethods.ALL,
              FederatedMethods.ALL)
          .flatMap(List::stream)
          .toList();

  private static Optional<List<MergeMethod>> all = Optional.empty();

  private MergeMethods() {}

  /**
   * All of them, ours first.
   *
   * @throws MethodRefusedException if a jar brings one that cannot be used
   */
  public static synchronized List<MergeMethod> all() {
    if (all.isEmpty()) {
      all = Optional.of(with(ServiceLoader.load(MergeMethod.class)));
    }
    return all.get();
  }

  /**
   * The method of that name.
   *
   * @throws MethodRefusedException as {@link #all()}
   */
  public static Optional<MergeMethod> named(String name) {
    return all().stream().filter(method -> method.name().equals(name)).findFirst();
  }

  /**
   * Ours, and others by name.
   *
   * @throws MethodRefusedException if one was written for another version, or two methods have one
   *     name: a recipe could mean either
   */
  static List<MergeMethod> with(Iterable<MergeMethod> others) {
    Map<String, MergeMethod> found = new TreeMap<>();
    for (MergeMethod method : tried(others)) {
      boolean isTaken = OURS.stream().anyMatch(ours -> ours.name().equals(method.name()));
      if (isTaken || found.putIfAbsent(method.name(), method) != null) {
        throw new MethodRefusedException(
            "%s is a second merge method of the name %s; rename it"
                .formatted(method, method.name()));
      }
    }
    List<MergeMethod> all = new ArrayList<>(OURS);
    all.addAll(found.values());
    return List.copyOf(all);
  }

  private static List<MergeMethod> tried(Iterable<MergeMethod> others) {
    List<MergeMethod> tried = new ArrayList<>();
    try {
      others.forEach(method -> tried.add(ForeignMethod.tried(method)));
    } catch (
        ServiceConfigurationError e) { // a class that a jar names is not there, or does not load
      throw ForeignMethod.refusal(e);
    }
    return tried;
  }
}
