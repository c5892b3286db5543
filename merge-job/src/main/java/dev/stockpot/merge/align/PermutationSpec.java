package dev.stockpot.merge.align;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which units of models of one kind may change places without changing what the model computes.
 *
 * @param name of the kind
 * @param models what {@code config.json} calls them ({@code model_type}); none if names tell
 * @param needs kinds of tensors of which there must be one
 * @param tensors the first rule that fits a name and its axes counts
 * @param same groups that are one
 */
record PermutationSpec(
    String name,
    List<String> models,
    List<TensorPattern> needs,
    List<GroupRule> groups,
    List<TensorRule> tensors,
    List<Same> same) {

  /**
   * Two groups that are one, such as the streams before and behind a residual block.
   *
   * @param unless not where there is a tensor of that name
   */
  record Same(GroupName one, GroupName other, Optional<TensorPattern> unless) {}

  /**
   * A tensor as a rule sees it.
   *
   * @param numbers in its name, by their letters
   */
  record Ruled(TensorRule rule, Map<String, Integer> numbers) {}

  PermutationSpec {
    models = List.copyOf(models);
    needs = List.copyOf(needs);
    groups = List.copyOf(groups);
    tensors = List.copyOf(tensors);
    same = List.copyOf(same);
  }

  /** The rule for a tensor. */
  Optional<Ruled> rule(String tensor, int axes) {
    for (TensorRule rule : tensors) {
      if (rule.axes().size() == axes) {
        Optional<Map<String, Integer>> numbers = rule.names().match(tensor);
        if (numbers.isPresent()) {
          return Optional.of(new Ruled(rule, numbers.get()));
        }
      }
    }
    return Optional.empty();
  }

  GroupRule group(String kind) {
    return groups.stream()
        .filter(group -> group.name().kind().equals(kind))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no group is called " + kind));
  }
}
