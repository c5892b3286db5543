package dev.stockpot.merge.align;

import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What activations tell of the units of a model. */
final class ToldUnits {
  private final List<ActivationSums> sums;

  private ToldUnits(List<ActivationSums> sums) {
    this.sums = List.copyOf(sums);
  }

  /**
   * What statistics tell.
   *
   * @param files none where units are matched by weights alone
   * @param mayMove whether units of a group may
   */
  static ToldUnits of(
      ModelUnits units,
      Map<String, TensorSource> tensors,
      Optional<ActivationFiles> files,
      Predicate<String> mayMove) {
    List<ActivationSums> sums = new ArrayList<>();
    files.ifPresent(
        there ->
            units
                .tensors()
                .forEach(
                    (name, tensor) -> {
                      List<UnitsAlong> along = along(tensor, there.inputAxis(), mayMove);
                      if (!along.isEmpty() && tensor.expert().isEmpty()) {
                        there.of(name, tensors.get(name).shape(), along).ifPresent(sums::add);
                      }
                    }));
    return new ToldUnits(sums);
  }

  private static List<UnitsAlong> along(
      ModelUnits.Tensor tensor, int inputAxis, Predicate<String> mayMove) {
    return tensor.axes().size() < 2
        ? List.of()
        : tensor.axes().get(inputAxis).stream()
            .filter(along -> mayMove.test(along.group()))
            .toList();
  }

  /** Of some groups. */
  List<ActivationSums> of(Set<String> groups) {
    return sums.stream().filter(each -> groups.containsAll(each.groups())).toList();
  }

  /** The groups of which something is told. */
  Set<String> groups() {
    return sums.stream()
        .flatMap(each -> each.groups().stream())
        .collect(Collectors.toUnmodifiableSet());
  }
}
