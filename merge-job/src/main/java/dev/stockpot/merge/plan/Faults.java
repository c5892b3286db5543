package dev.stockpot.merge.plan;

import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /** Whether nothing is in the way of a tensor; what is, is noted. */
  boolean admit(Route route, Optional<String> obstacle) {
    obstacle.ifPresent(why -> add(route.slice().line(), why, route.output()));
    return obstacle.isEmpty();
  }

  /** Notes a tensor whose gradient nobody can tell the place of. */
  void addDoubt(Route route) {
    add(
        route.slice().line(),
        "a gradient cannot be followed: %s. Mend that config.json, or give plain values"
            .formatted(route.doubt().orElseThrow()),
        route.output());
  }

  /** Notes a tensor of which one model has other things than numbers. */
  void addUnreadable(Route route, Source source, TensorSource input) {
    add(
        source.line(),
        "%s in %s cannot be merged; convert it to BF16, F16 or F32"
            .formatted(input.dtype(), input.place(0).origin()),
        route.output());
  }

  void report(Problems problems) {
    tensors.forEach(
        (fault, names) ->
            problems.add(
                fault.line(), "%s, for %s".formatted(fault.what(), Gathering.examples(names))));
  }
}
