package dev.stockpot.merge.recipe;

import dev.stockpot.merge.recipe.MixtureChoice.Expert;
import dev.stockpot.merge.recipe.MixtureChoice.GateMode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What makes sense in a mixture of experts, as far as a recipe alone can tell. */
final class MixtureRules {
  private final MixtureChoice mixture;
  private final Problems problems;

  MixtureRules(MixtureChoice mixture, Problems problems) {
    this.mixture = mixture;
    this.problems = problems;
  }

  /**
   * Checks the mixture.
   *
   * @param maySame whether all experts may be one model, though nothing tells them apart
   */
  void check(boolean maySame) {
    GateMode mode = mixture.gates().mode();
    if (mode.usesPrompts()) {
      checkPrompts();
    } else {
      for (Expert expert : mixture.all()) {
        if (!expert.positive().isEmpty() || !expert.negative().isEmpty()) {
          problems.tell(
              expert.line(),
              "prompts have no effect with `gate_mode: %s`".formatted(mode.word()));
        }
      }
    }
    checkModels(maySame);
    int count = mixture.experts().size();
    if (Integer.bitCount(count) != 1) {
      problems.tell(
          mixture.line(),
          "there are %s experts, which is no power of two: some programs, llama.cpp among them, do not load that"
              .formatted(count));
    }
    Set<String> unused = new TreeSet<>(mixture.gates().promptIds().keySet());
    unused.removeAll(mixture.prompts());
    problems.addIf(
        !unused.isEmpty(),
        mixture.gates().line(),
        "`prompt_ids` has tokens of %s, which no expert has as a prompt; write prompts there as they are here"
            .formatted(Suggestion.quoted(List.copyOf(unused))));
  }

  private void checkPrompts() {
    for (Expert expert : mixture.experts()) {
      problems.addIf(
          expert.positive().isEmpty(),
          expert.line(),
          "%s has no `positive_prompts`, by which `gate_mode: %s` finds its tokens; add some, or write `gate_mode: random`"
              .formatted(expert.model(), mixture.gates().mode().word()));
    }
    Expert first = mixture.experts().get(0);
    boolean areAlike =
        mixture.experts().size() > 1
            && !first.positive().isEmpty()
            && mixture.experts().stream()
                .allMatch(
                    expert ->
                        expert.positive().equals(first.positive())
                            && expert.negative().equals(first.negative()));
    problems.addIf(
        areAlike,
        mixture.line(),
        "all experts have the same prompts, so that routers cannot tell them apart; give each its own");
  }

  private void checkModels(boolean maySame) {
    List<Expert> experts = mixture.experts();
    ModelReference first = experts.get(0).model();
    boolean areSame =
        experts.size() > 1 && experts.stream().allMatch(expert -> expert.model().equals(first));
    if (!areSame) {
      return;
    }
    if (maySame || !mixture.gates().mode().usesPrompts()) {
      problems.tell(
          mixture.line(),
          "all experts are %s: until the mixture is trained it is no better than that"
              .formatted(first));
    } else {
      problems.add(
          mixture.line(),
          "all experts are %s, so that it does not matter which one a token goes to; list other models, or, to train the mixture, write `gate_mode: zero` or `allow_all_same: true`"
              .formatted(first));
    }
  }
}
