package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.TensorTerms;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a method does with which tensors, where it does not do the same with all. */
final class Treatments {
  private final MergeMethod method;
  private final Map<String, List<String>> tensors = new LinkedHashMap<>();

  Treatments(MergeMethod method) {
    this.method = method;
  }

  void add(TensorTerms terms) {
    method
        .treatment(terms)
        .ifPresent(
            what -> tensors.computeIfAbsent(what, any -> new ArrayList<>()).add(terms.tensor()));
  }

  /** One for each treatment. */
  List<String> notices() {
    List<String> notices = new ArrayList<>();
    tensors.forEach(
        (what, names) ->
            notices.add(
                "%s %s: %s"
                    .formatted(Gathering.tensors(names.size()), what, Gathering.examples(names))));
    return notices;
  }
}
