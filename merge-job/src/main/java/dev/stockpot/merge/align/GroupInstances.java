package dev.stockpot.merge.align;

import dev.stockpot.merge.align.PermutationSpec.Ruled;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which groups of each kind a model has, and which of them a name means where it stands. */
final class GroupInstances {
  private static final Comparator<List<Integer>> IN_ORDER =
      (one, other) -> {
        for (int i = 0; i < one.size(); i++) {
          int order = Integer.compare(one.get(i), other.get(i));
          if (order != 0) {
            return order;
          }
        }
        return 0;
      };

  private final PermutationSpec spec;
  private final Map<String, NavigableSet<List<Integer>>> byKind = new HashMap<>();
  private final Map<String, Meant> sameAs = new TreeMap<>();

  /**
   * The groups of a model.
   *
   * @param tensors its tensors as rules see them
   * @param names of its tensors
   */
  GroupInstances(PermutationSpec spec, Collection<Ruled> tensors, Set<String> names) {
    this.spec = spec;
    for (Ruled tensor : tensors) {
      for (AxisRule axis : tensor.rule().axes()) {
        for (AxisRule.Part part : axis.parts()) {
          boolean makes =
              part.group().which() == GroupName.Which.THIS && tensor.rule().axes().size() > 1;
          if (makes || part.group().letters().isEmpty()) {
            instances(part.group()).add(part.group().numbers(tensor.numbers()));
          }
        }
      }
    }
    spec.same().forEach(same -> unite(same, names));
  }

  private NavigableSet<List<Integer>> instances(GroupName name) {
    return byKind.computeIfAbsent(name.kind(), any -> new TreeSet<>(IN_ORDER));
  }

  private void unite(PermutationSpec.Same same, Set<String> names) {
    for (List<Integer> numbers : List.copyOf(instances(same.one()))) {
      Map<String, Integer> letters = new HashMap<>();
      for (int i = 0; i < numbers.size(); i++) {
        letters.put(same.one().letters().get(i), numbers.get(i));
      }
      boolean isApart =
          same.unless().isPresent()
              && names.stream()
                  .anyMatch(
                      name -> same.unless().get().match(name).filter(letters::equals).isPresent());
      if (!isApart) {
        String one = GroupName.of(same.one().kind(), numbers);
        AxisRule.Part part = new AxisRule.Part(same.other(), 0, false);
        Meant other =
            meant(part, letters)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "`same`: nothing is before %s".formatted(one)));
        String own = united(new Meant(one, spec.group(same.one().kind()), part)).name();
        if (!own.equals(other.name())) { // they are one already
          sameAs.put(own, other);
        }
      }
    }
  }

  /**
   * A group that is meant.
   *
   * @param name after all that are the same were united
   */
  record Meant(String name, GroupRule rule, AxisRule.Part part) {}

  /** The groups along an axis of a tensor; none if no place along it may change. */
  List<Meant> along(AxisRule axis, Map<String, Integer> numbers) {
    List<Meant> meant = new ArrayList<>();
    for (AxisRule.Part part : axis.parts()) {
      meant(part, numbers).ifPresent(meant::add);
    }
    if (!meant.isEmpty() && meant.size() < axis.parts().size()) {
      throw new IllegalArgumentException(
          "an axis has units that may move beside such that may not");
    }
    if (meant.stream().map(each -> each.rule().isResidual()).distinct().count() > 1) {
      throw new IllegalArgumentException("an axis has units of the residual stream beside others");
    }
    return meant;
  }

  private Optional<Meant> meant(AxisRule.Part part, Map<String, Integer> letters) {
    GroupName name = part.group();
    GroupRule rule = spec.group(name.kind());
    NavigableSet<List<Integer>> there = instances(name);
    List<Integer> found;
    if (name.which() == GroupName.Which.LAST) {
      if (there.isEmpty()) {
        throw new IllegalArgumentException("there is no group " + name.text());
      }
      found = there.last();
    } else {
      List<Integer> numbers = name.numbers(letters);
      found =
          switch (name.which()) {
            case BEFORE -> there.lower(numbers);
            case THIS_OR_BEFORE -> there.floor(numbers);
            default -> numbers;
          };
    }
    if (found == null) {
      AxisRule first =
          rule.first()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException("nothing is before %s".formatted(name.text())));
      return first.isFixed() ? Optional.empty() : meant(first.parts().get(0), letters);
    }
    if (rule.isLastFixed() && found.equals(there.last())) {
      return Optional.empty();
    }
    return Optional.of(united(new Meant(GroupName.of(name.kind(), found), rule, part)));
  }

  /** With the name and the rule of the one that stands for all that are the same. */
  private Meant united(Meant meant) {
    Meant at = meant;
    while (sameAs.containsKey(at.name())) {
      at = sameAs.get(at.name());
    }
    return new Meant(at.name(), at.rule(), meant.part());
  }
}
