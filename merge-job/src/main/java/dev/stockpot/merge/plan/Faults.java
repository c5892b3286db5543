package dev.stockpot.merge.plan;

import dev.stockpot.merge.recipe.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What makes no sense for some tensors: one problem for all of them. */
final class Faults {
  private final Map<Fault, List<String>> tensors = new LinkedHashMap<>();

  private record Fault(int line, String what) {}

  /**
   * Notes a fault.
   *
   * @param line of the recipe
   * @param tensor an output tensor that cannot be made for it
   */
  void add(int line, String what, String tensor) {
    tensors.computeIfAbsent(new Fault(line, what), any -> new ArrayList<>()).add(tensor);
  }

  void report(Problems problems) {
    tensors.forEach(
        (fault, names) ->
            problems.add(
                fault.line(), "%s, for %s".formatted(fault.what(), Gathering.examples(names))));
  }
}
