package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.PostStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code post}: steps behind the merge, in their order. */
final class StepReader {
  private static final String KEY = "post";

  private final StrayWords words;
  private final List<PostStep> known;
  private final Problems problems;

  /** Reads steps that are known. */
  StepReader(StrayWords words, List<PostStep> known) {
    this.words = words;
    this.known = known;
    this.problems = words.problems();
  }

  /** The steps that a recipe asks for; what is wrong with them goes to the problems. */
  List<ChosenStep> read(Section recipe, Optional<MergeMethod> method) {
    List<ChosenStep> steps = new ArrayList<>();
    for (Node element : recipe.has(KEY) ? recipe.list(KEY) : List.<Node>of()) {
      step(element).ifPresent(steps::add);
    }
    for (ChosenStep step : steps) {
      check(step, recipe, method);
    }
    return steps;
  }

  private Optional<ChosenStep> step(Node element) {
    if (element instanceof ScalarNode scalar && !scalar.isNull()) {
      return named(scalar.text(), scalar.line())
          .map(step -> new ChosenStep(step, ParameterBlock.NONE, scalar.line()));
    }
    if (element instanceof MapNode map && map.entries().size() == 1) {
      MapNode.Entry entry = map.entries().get(0);
      return named(entry.key(), entry.line())
          .map(step -> new ChosenStep(step, parameters(step, entry), entry.line()));
    }
    problems.add(
        element.line(),
        "an element of `post` must be one step, for example `svc: {alpha: 1.0}`, not %s"
            .formatted(element.shown()));
    return Optional.empty();
  }

  private Optional<PostStep> named(String name, int line) {
    List<String> names = known.stream().map(PostStep::name).toList();
    Optional<PostStep> step = known.stream().filter(one -> one.name().equals(name)).findFirst();
    problems.addIf(
        step.isEmpty(),
        line,
        "`%s` is no step behind a merge; %s"
            .formatted(name, Suggestion.or("the steps are", name, names)));
    return step;
  }

  private ParameterBlock parameters(PostStep step, MapNode.Entry entry) {
    if (entry.value() instanceof ScalarNode scalar && scalar.isNull()) {
      return ParameterBlock.NONE;
    }
    Map<String, ParameterSetting> settings = new LinkedHashMap<>();
    if (!(entry.value() instanceof MapNode map)) {
      problems.add(
          entry.line(),
          "`%s` must be a mapping of its parameters, not %s"
              .formatted(entry.key(), entry.value().shown()));
      return ParameterBlock.NONE;
    }
    SettingReader reader = new SettingReader(words);
    for (MapNode.Entry value : map.entries()) {
      parameter(step, value)
          .ifPresent(parameter -> settings.put(value.key(), reader.read(parameter, value)));
    }
    return new ParameterBlock(settings);
  }

  private Optional<Parameter<?>> parameter(PostStep step, MapNode.Entry value) {
    Optional<Parameter<?>> parameter =
        step.parameters().stream().filter(own -> own.name().equals(value.key())).findFirst();
    List<String> names = step.parameters().stream().map(Parameter::name).toList();
    problems.addIf(
        parameter.isEmpty(),
        value.line(),
        "%s has no parameter `%s`; %s"
            .formatted(step.name(), value.key(), Suggestion.or("it has", value.key(), names)));
    return parameter;
  }

  private void check(ChosenStep step, Section recipe, Optional<MergeMethod> method) {
    boolean hasBase =
        recipe.has("base_model")
            || method.filter(one -> one.arity().base() == Arity.Base.ORIGIN).isPresent();
    problems.addIf(
        step.step().needsBase() && !hasBase && !recipe.has("slices"),
        step.line(),
        "`%s` compares with the base model, and there is none; add `base_model`"
            .formatted(step.step().name()));
    problems.addIf(
        method.filter(one -> !one.sideOutputs().isEmpty()).isPresent(),
        step.line(),
        "`post` changes what %s makes, but not what it makes beside it; remove one"
            .formatted(method.map(MergeMethod::name).orElse("")));
  }
}
