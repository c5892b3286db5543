package dev.stockpot.merge.run;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.commit.MergeFacts;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * What a merge stored that is no finite number.
 *
 * @param tensors those that hold some, in the order of the output, with counts: by name, one beside
 *     the model with its folder, {@code state/NAME/…}
 * @param types that were too narrow for numbers, by name
 */
public record BrokenNumbers(Map<String, NonFinite> tensors, List<String> types) {
  private static final int NAMED = 3;

  public BrokenNumbers {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors)); // their order is kept
    types = List.copyOf(types);
  }

  static BrokenNumbers of(MergePlan plan, MergeFacts facts) {
    Map<String, NonFinite> tensors = new LinkedHashMap<>();
    TreeSet<String> types = new TreeSet<>();
    for (OutputShard shard : plan.files()) {
      for (OutputShard.Placed placed : shard.tensors()) {
        OutputTensor output = placed.tensor().output();
        NonFinite found = facts.nonFinite().get(shard.key(output.name()));
        if (found != null) {
          tensors.put(shard.key(output.name()), found);
          if (found.narrowed() > 0) {
            types.add(output.dtype() == DType.F64 ? "F32" : output.dtype().name());
          }
        }
      }
    }
    return new BrokenNumbers(tensors, List.copyOf(types));
  }

  /** A sentence for each cause that there is, with counts, names and a remedy. */
  public List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    add(
        sentences,
        NonFinite::narrowed,
        "infinite, because numbers are too large for %s: ".formatted(String.join(" and ", types)),
        types.contains("F16")
            ? "Merge with --dtype bfloat16 or float32"
            : "Scale the models, or leave out the one with large numbers");
    add(
        sentences,
        NonFinite::carried,
        "NaN or infinite, as in an input: ",
        "Repair the model, or leave it out; --set check-finite=true says which it is");
    add(
        sentences,
        NonFinite::made,
        "NaN or infinite, though all inputs are finite there: ",
        "Arithmetic went beyond float32, or met NaN elsewhere in the tensor: look at weights and"
            + " inputs");
    add(
        sentences,
        NonFinite::overflowed,
        "float64 in an input and too large for float32, in which merges compute: ",
        "They count as infinite: scale the model, or leave it out");
    return sentences;
  }

  private void add(
      List<String> sentences, ToLongFunction<NonFinite> count, String what, String remedy) {
    List<String> named = new ArrayList<>();
    long total = 0;
    for (Map.Entry<String, NonFinite> tensor : tensors.entrySet()) {
      long found = count.applyAsLong(tensor.getValue());
      if (found > 0) {
        total += found;
        named.add("%s (%s)".formatted(tensor.getKey(), found));
      }
    }
    if (total > 0) {
      int more = named.size() - NAMED;
      String names = String.join(", ", named.subList(0, Math.min(NAMED, named.size())));
      sentences.add(
          "%s %s %s%s%s. %s"
              .formatted(
                  total,
                  total == 1 ? "element is" : "elements are",
                  what,
                  names,
                  more > 0 ? " and %s more tensors".formatted(more) : "",
                  remedy));
    }
  }
}
