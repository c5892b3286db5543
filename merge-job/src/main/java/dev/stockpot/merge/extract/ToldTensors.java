package dev.stockpot.merge.extract;

import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.recipe.Combination;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tensors of which something is to be told, by their names. */
final class ToldTensors {
  /** Those that lie in the adapter as they are. */
  final List<String> whole = new ArrayList<>();

  /** Those that are as in the base. */
  final List<String> equal = new ArrayList<>();

  /** Those that were to be left as in the base. */
  final List<String> left = new ArrayList<>();

  /** Those of whose change the rule keeps nothing. */
  final List<String> small = new ArrayList<>();

  /** Those that are no numbers. */
  final List<String> uncompared = new ArrayList<>();

  /** Those that no module of an adapter can hold. */
  final List<String> homeless = new ArrayList<>();

  /** A head that gets a tensor of its own. */
  Optional<String> head = Optional.empty();

  /**
   * Refuses what is no adapter.
   *
   * @throws UserException if nothing differs, or something that cannot be in an adapter
   */
  void requireAdapter(String base, boolean hasPairs) {
    if (!homeless.isEmpty()) {
      throw new UserException(
          "%s differ from %s and cannot be in an adapter: they are no weights of linear layers, and lie in modules with others in them, which PEFT would save as a whole, or are shared with a head that it does not see. Merge to a checkpoint, or leave them as they are in the base: --exclude, or `exclude` under `output`"
              .formatted(FirstFew.of(homeless), base));
    }
    if (!hasPairs) {
      String what =
          whole.isEmpty() && left.isEmpty() && small.isEmpty()
              ? "nothing differs"
              : "only %s differ".formatted(FirstFew.of(all(whole, left, small)));
      throw new UserException(
          "There is no adapter to be made of %s: %s, and a LoRA needs the matrix of at least one linear layer whose change is kept"
              .formatted(base, what));
    }
  }

  private static List<String> all(List<String> first, List<String> second, List<String> third) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    all.addAll(third);
    return all;
  }

  /** What a user should know of it. */
  List<String> notices(boolean isKnown, Optional<Combination> combination) {
    if (!isKnown) {
      return List.of(
          "what differs from the base is found first, by reading both once: what is here is the most that can come of it");
    }
    List<String> notices = new ArrayList<>();
    combination
        .filter(how -> how.rule() == Combination.Rule.FACTORS)
        .ifPresent(
            how ->
                notices.add(
                    "`combination_type: linear` adds the factors of adapters, whose product has cross terms: it is not the sum of their changes, and often far from it; `cat` and `svd` make that"));
    add(notices, equal, "as in the base, and not in the adapter");
    add(
        notices,
        whole,
        "that differ and are no matrices of linear layers lie in the adapter as they are (`modules_to_save`, or biases)");
    add(notices, left, "that differ left as in the base, as was asked");
    add(notices, small, "with too small a change for the rule that was given: left as in the base");
    add(
        notices,
        uncompared,
        "of no floating-point numbers, and so not compared: left as in the base");
    head.ifPresent(
        shared ->
            notices.add(
                "the base has one tensor for embedding and head: the adapter holds it for both, as %s, too"
                    .formatted(shared)));
    return notices;
  }

  private static void add(List<String> notices, List<String> names, String what) {
    if (!names.isEmpty()) {
      notices.add(
          "%s %s: %s"
              .formatted(
                  names.size() == 1 ? "1 tensor" : names.size() + " tensors",
                  what,
                  FirstFew.of(names)));
    }
  }
}
