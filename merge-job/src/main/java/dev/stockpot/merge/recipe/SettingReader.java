package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range.Notation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what a recipe says of one parameter: a value, a gradient, or values with filters.
 *
 * <p>Something stands in for a value that is a problem, so that nobody is also told that it is
 * missing; a recipe with problems is refused in any case.
 */
final class SettingReader {
  private static final Section.Keys CHOICE =
      new Section.Keys(
          "a filtered value", List.of("filter", "value"), Map.of(), Map.of(), Optional.empty());

  private static final String STEPS = "steps";
  private static final ParameterValue UNREADABLE = new ParameterValue.Constant("");

  private final StrayWords words;
  private final Problems problems;

  SettingReader(StrayWords words) {
    this.words = words;
    this.problems = words.problems();
  }

  ParameterSetting read(Parameter<?> parameter, MapNode.Entry entry) {
    return new ParameterSetting(choices(parameter, entry.value(), entry.line()), entry.line());
  }

  private List<Choice> choices(Parameter<?> parameter, Node value, int line) {
    if (value instanceof MapNode choice && !isSteps(choice)) {
      return List.of(choice(parameter, choice));
    }
    boolean isListOfChoices =
        value instanceof ListNode list
            && !list.elements().isEmpty()
            && list.elements().stream().allMatch(MapNode.class::isInstance);
    if (!isListOfChoices) {
      return List.of(new Choice(Optional.empty(), value(parameter, value, line)));
    }
    List<Choice> choices = new ArrayList<>();
    for (Node element : ((ListNode) value).elements()) {
      choices.add(choice(parameter, (MapNode) element));
    }
    return choices;
  }

  private Choice choice(Parameter<?> parameter, MapNode map) {
    Section section = new Section(map, CHOICE, words);
    problems.addIf(
        !section.has("value"),
        map.line(),
        "this choice for `%s` has no `value`; add one".formatted(parameter.name()));
    ParameterValue value =
        section
            .value("value")
            .map(node -> value(parameter, node, section.lineOf("value")))
            .orElse(UNREADABLE);
    return new Choice(section.word("filter"), value);
  }

  private ParameterValue value(Parameter<?> parameter, Node node, int line) {
    if (node instanceof ScalarNode scalar) {
      return new ParameterValue.Constant(
          fitting(parameter, scalar, "`%s`".formatted(parameter.name())));
    }
    if (node instanceof ListNode list && !list.elements().isEmpty()) {
      if (list.elements().stream().allMatch(ScalarNode.class::isInstance)) {
        List<Double> points = numbers(parameter, list, line);
        return points.isEmpty() ? UNREADABLE : new ParameterValue.Gradient(points);
      }
    }
    if (node instanceof MapNode map && isSteps(map)) {
      return steps(parameter, map, line);
    }
    problems.add(
        line,
        "`%s` must be a value, a list of numbers, `{steps: [numbers]}` or a list of `{filter: …, value: …}`"
            .formatted(parameter.name()));
    return UNREADABLE;
  }

  private static boolean isSteps(MapNode map) {
    return map.entry(STEPS).isPresent();
  }

  /** {@code {steps: [0.2, 0.8]}}: a number for each group of layers. */
  private ParameterValue steps(Parameter<?> parameter, MapNode map, int line) {
    boolean isList =
        map.entries().size() == 1
            && map.entries().get(0).value() instanceof ListNode list
            && !list.elements().isEmpty()
            && list.elements().stream().allMatch(ScalarNode.class::isInstance);
    if (!isList) {
      problems.add(
          line,
          "`steps` of `%s` must be a list of numbers, one for each group of layers, with nothing beside it"
              .formatted(parameter.name()));
      return UNREADABLE;
    }
    List<Double> values = numbers(parameter, (ListNode) map.entries().get(0).value(), line);
    return values.isEmpty() ? UNREADABLE : new ParameterValue.Steps(values);
  }

  /** Numbers that change over the layers; none where they cannot, which is a problem then. */
  private List<Double> numbers(Parameter<?> parameter, ListNode list, int line) {
    if (!parameter.range().takesGradient()) {
      problems.add(
          line,
          "`%s` must be %s, the same for all layers; give it one value"
              .formatted(parameter.name(), parameter.range()));
      return List.of();
    }
    List<Double> points = new ArrayList<>();
    for (int i = 0; i < list.elements().size(); i++) {
      ScalarNode element = (ScalarNode) list.elements().get(i);
      String what = "element %s of `%s`".formatted(i + 1, parameter.name());
      if (fitting(parameter, element, what) instanceof Double point) {
        points.add(point);
      }
    }
    return points;
  }

  /** The value as the parameter's range wants it; where it is not to be had, a problem. */
  private Object fitting(Parameter<?> parameter, ScalarNode node, String what) {
    Object value = node.as(parameter.range());
    if (parameter.range().notation() == Notation.NUMBER && words.takesFlagsForNumbers()) {
      value = node.number().or(() -> counted(node, what)).map(Object.class::cast).orElse(value);
    }
    problems.addIf(
        parameter.range().problemWith(value).isPresent(),
        node.line(),
        "%s is %s, must be %s".formatted(what, node.shown(), parameter.range()));
    return value;
  }

  /** What a flag counts as a number, which is told: YAML has `yes`, and mergekit takes it for 1. */
  private Optional<Double> counted(ScalarNode node, String what) {
    Optional<Boolean> flag = node.flag();
    flag.ifPresent(
        isOn ->
            words.tell(
                node.line(),
                "%s is %s, which counts as %s; write the number"
                    .formatted(what, node.shown(), isOn ? 1 : 0)));
    return flag.map(isOn -> isOn ? 1.0 : 0.0);
  }
}
