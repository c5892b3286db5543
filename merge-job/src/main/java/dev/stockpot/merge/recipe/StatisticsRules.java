package dev.stockpot.merge.recipe;

import static java.util.stream.Collectors.joining;

import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.SideInput;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a method asks of the statistics of a recipe. */
final class StatisticsRules {
  private final Draft draft;
  private final Problems problems;
  private final String method;
  private final List<ChosenStep> post;
  private final AlignStatistics aligning;

  /** What a method, and the steps behind it, ask for. */
  StatisticsRules(Draft draft, List<ChosenStep> post, Problems problems) {
    this.draft = draft;
    this.post = List.copyOf(post);
    this.problems = problems;
    this.aligning = new AlignStatistics(draft, problems);
    this.method = draft.method().name();
  }

  void check() {
    checkKinds(draft.statistics(), Parameter.Scope.MERGE, Set.of());
    for (SideInput wanted : required(Parameter.Scope.MERGE)) {
      problems.addIf(
          !draft.statistics().containsKey(wanted.name()),
          draft.methodLine(),
          "%s needs %s; add a line `statistics: {%s: PATH}` to the recipe"
              .formatted(method, described(wanted), wanted.name()));
    }
    for (ChosenStep step : post) {
      Set<String> some = kinds(step, Parameter.Scope.MERGE);
      problems.addIf(
          !some.isEmpty() && some.stream().noneMatch(draft.statistics()::containsKey),
          step.line(),
          "%s needs %s of the whole merge; add a line `statistics: {%s: PATH}` to the recipe"
              .formatted(
                  step.step().name(),
                  some.stream().map("`%s`"::formatted).collect(joining(" or ")),
                  some.isEmpty() ? "" : some.iterator().next()));
    }
    for (Slice slice : draft.slices()) {
      slice.sources().forEach(source -> check(slice, source));
    }
  }

  private void check(Slice slice, Source source) {
    Map<String, ModelReference> given = source.statistics();
    Set<String> ofUnits = aligning.kinds(source);
    checkKinds(given, Parameter.Scope.MODEL, ofUnits);
    aligning.check(source);
    if (draft.isOrigin(slice, source)) {
      problems.addIf(
          !ofUnits.containsAll(given.keySet()),
          source.line(),
          "%s is the base model, whose statistics nobody reads; remove them"
              .formatted(source.model()));
      return;
    }
    problems.addIf(
        source.model().isPattern() && !given.isEmpty(),
        source.line(),
        "%s is a pattern, and each model has statistics of its own; list the models one by one"
            .formatted(source.model()));
    List<SideInput> alternatives =
        inputs(Parameter.Scope.MODEL).stream()
            .filter(input -> input.need() == SideInput.Need.ALTERNATIVE)
            .toList();
    problems.addIf(
        !alternatives.isEmpty()
            && alternatives.stream().noneMatch(input -> given.containsKey(input.name())),
        source.line(),
        "%s needs %s of %s; add a line `statistics: {%s: PATH}` to the model"
            .formatted(
                method,
                alternatives.stream().map(StatisticsRules::described).collect(joining(" or ")),
                source.model(),
                alternatives.isEmpty() ? "" : alternatives.get(0).name()));
    for (ChosenStep step : post) {
      for (String kind : kinds(step, Parameter.Scope.MODEL)) {
        problems.addIf(
            !given.containsKey(kind),
            source.line(),
            "%s needs `%s` of %s; add a line `statistics: {%s: PATH}` to the model"
                .formatted(step.step().name(), kind, source.model(), kind));
      }
    }
    for (SideInput wanted : required(Parameter.Scope.MODEL)) {
      problems.addIf(
          !given.containsKey(wanted.name()),
          source.line(),
          "%s needs %s of %s; add a line `statistics: {%s: PATH}` to the model"
              .formatted(method, described(wanted), source.model(), wanted.name()));
    }
  }

  private List<SideInput> required(Parameter.Scope scope) {
    return inputs(scope).stream().filter(SideInput::isRequired).toList();
  }

  private List<SideInput> inputs(Parameter.Scope scope) {
    return draft.method().sideInputs().stream().filter(input -> input.scope() == scope).toList();
  }

  /** Kinds of statistics that a step looks into. */
  private static Set<String> kinds(ChosenStep step, Parameter.Scope scope) {
    return step.step().beside().stream()
        .filter(beside -> beside.scope() == scope)
        .flatMap(beside -> beside.kind().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String described(SideInput input) {
    return "`%s` (%s)".formatted(input.name(), input.meaning());
  }

  private void checkKinds(
      Map<String, ModelReference> given, Parameter.Scope scope, Set<String> ofUnits) {
    Set<String> known = new LinkedHashSet<>(ofUnits);
    inputs(scope).forEach(input -> known.add(input.name()));
    post.forEach(step -> known.addAll(kinds(step, scope)));
    given.forEach(
        (kind, place) ->
            problems.addIf(
                !known.contains(kind),
                place.line(),
                "%s reads no `%s` %s; %s".formatted(method, kind, where(scope), remedy(kind))));
  }

  private static String where(Parameter.Scope scope) {
    return scope == Parameter.Scope.MODEL ? "of a model" : "of the whole merge";
  }

  private String remedy(String kind) {
    List<SideInput> all = draft.method().sideInputs();
    for (Parameter.Scope scope : Parameter.Scope.values()) {
      if (post.stream().anyMatch(step -> kinds(step, scope).contains(kind))) {
        return "give it %s"
            .formatted(scope == Parameter.Scope.MODEL ? "to each model" : "beside `models`");
      }
    }
    if (all.isEmpty()) {
      return "it reads no statistics: remove the line";
    }
    for (SideInput input : all) {
      if (input.name().equals(kind)) {
        return "give it %s"
            .formatted(
                input.scope() == Parameter.Scope.MODEL ? "to each model" : "beside `models`");
      }
    }
    return Suggestion.or("its statistics are", kind, all.stream().map(SideInput::name).toList());
  }
}
