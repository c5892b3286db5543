package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.method.Parameter;
import java.util.Optional;

/**
 * What the parser sees to while it reads, checked again on finished records, for recipes that no
 * parser made.
 */
final class ValueRules {
  private final Draft draft;
  private final Problems problems;

  ValueRules(Draft draft, Problems problems) {
    this.draft = draft;
    this.problems = problems;
  }

  void check() {
    check(draft.parameters(), Level.RECIPE);
    for (Slice slice : draft.slices()) {
      check(slice.parameters(), Level.SLICE);
      for (Source source : slice.sources()) {
        check(source.parameters(), Level.MODEL);
        problems.addIf(
            source.layers().isPresent() == draft.wholeModels(),
            source.line(),
            "`%s` must have layers in a slice, and none as a whole model"
                .formatted(source.model()));
      }
    }
  }

  private void check(ParameterBlock block, Level level) {
    ParameterNames names = new ParameterNames(draft.method());
    block
        .settings()
        .forEach(
            (name, setting) -> {
              Optional<String> misplaced = names.problemWith(name, level);
              misplaced.ifPresent(problem -> problems.add(setting.line(), problem));
              names.named(name).ifPresent(parameter -> check(parameter, setting));
            });
  }

  private void check(Parameter<?> parameter, ParameterSetting setting) {
    for (Choice choice : setting.choices()) {
      choice.value().given().forEach(value -> check(parameter, value, setting.line()));
    }
  }

  private void check(Parameter<?> parameter, Object value, int line) {
    parameter
        .range()
        .problemWith(value)
        .ifPresent(problem -> problems.add(line, "`%s` %s".formatted(parameter.name(), problem)));
  }
}
