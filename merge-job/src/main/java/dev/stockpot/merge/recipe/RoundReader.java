package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.SideInput;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code round}: a merge by a rule of rounds, which finds its state beside its base model. It
 * says in one place what a recipe would say in three.
 */
final class RoundReader {
  private static final String KEY = RoundChoice.PARAMETER;
  private static final String STRATEGY = "strategy";
  private static final String NUMBER = "number";
  private static final String STATE = "state";
  private static final String EMPTY = "zero";
  private static final String METHOD = "merge_method";
  private static final String PARAMETERS = "parameters";
  private static final String STATISTICS = "statistics";
  private static final String MODELS = "models";
  private static final String BASE = "base_model";

  private final List<MergeMethod> rules;
  private final Problems problems;

  /**
   * What was read.
   *
   * @param recipe as a merge by a method
   */
  record Read(MapNode recipe, Optional<RoundChoice> choice) {}

  RoundReader(List<MergeMethod> methods, Problems problems) {
    this.rules = methods.stream().filter(MergeMethod::isRound).toList();
    this.problems = problems;
  }

  /** Refuses a rule with state where nobody says which round it is. */
  static void check(MapNode recipe, Optional<MergeMethod> method, Problems problems) {
    boolean needsOne =
        method.filter(rule -> rule.isRound() && !rule.sideOutputs().isEmpty()).isPresent();
    problems.addIf(
        needsOne && recipe.entry(KEY).isEmpty(),
        recipe.entry(METHOD).map(MapNode.Entry::line).orElse(recipe.line()),
        "%s goes on from state; write `round: {strategy: %s, number: 1}` in place of `merge_method`"
            .formatted(
                method.map(MergeMethod::name).orElse(""),
                method.map(MergeMethod::name).orElse("")));
  }

  /** A round as the merge that it is; what is none stays as it is. */
  Read read(MapNode recipe) {
    Optional<MapNode.Entry> round = recipe.entry(KEY);
    if (round.isEmpty()) {
      return new Read(recipe, Optional.empty());
    }
    int line = round.get().line();
    problems.addIf(
        recipe.entry(METHOD).isPresent(),
        line,
        "`merge_method` and `round` exclude each other: `strategy` under `round` is the method;"
            + " keep one");
    if (!(round.get().value() instanceof MapNode map)) {
      problems.add(
          line,
          "`round` is %s, must be a mapping: {strategy: fedavg, number: 1}"
              .formatted(round.get().value().shown()));
      return new Read(without(recipe, List.of(), KEY), Optional.empty());
    }
    Optional<MergeMethod> rule = rule(map, line);
    Optional<RoundChoice> choice = choice(map, line);
    List<MapNode.Entry> more = new ArrayList<>();
    map.entry(STRATEGY)
        .ifPresent(word -> more.add(new MapNode.Entry(METHOD, word.line(), word.value())));
    MapNode parameters = parameters(recipe, map, rule, choice);
    if (!parameters.entries().isEmpty()) {
      more.add(new MapNode.Entry(PARAMETERS, parameters.line(), parameters));
    }
    models(recipe).ifPresent(more::add);
    rule.flatMap(known -> statistics(recipe, known, choice)).ifPresent(more::add);
    return new Read(
        without(recipe, more, KEY, METHOD, PARAMETERS), rule.isEmpty() ? Optional.empty() : choice);
  }

  private Optional<MergeMethod> rule(MapNode map, int line) {
    Optional<MapNode.Entry> word = map.entry(STRATEGY);
    List<String> names = rules.stream().map(MergeMethod::name).toList();
    Optional<String> text =
        word.map(MapNode.Entry::value)
            .filter(ScalarNode.class::isInstance)
            .map(node -> ((ScalarNode) node).text());
    Optional<MergeMethod> rule =
        rules.stream().filter(known -> text.filter(known.name()::equals).isPresent()).findFirst();
    problems.addIf(
        rule.isEmpty(),
        word.map(MapNode.Entry::line).orElse(line),
        "`strategy` is %s; %s"
            .formatted(
                text.map("`%s`"::formatted).orElse("missing"),
                Suggestion.or("rules of rounds are", text.orElse(""), names)));
    return rule;
  }

  private Optional<RoundChoice> choice(MapNode map, int line) {
    Optional<MapNode.Entry> number = map.entry(NUMBER);
    Optional<Double> value = number.flatMap(entry -> scalar(entry).flatMap(ScalarNode::number));
    boolean isWhole =
        value.filter(n -> n >= 1 && n == Math.rint(n) && n <= Integer.MAX_VALUE).isPresent();
    problems.addIf(
        !isWhole,
        number.map(MapNode.Entry::line).orElse(line),
        "`number` is %s, must be the number of the round, from 1"
            .formatted(number.map(entry -> entry.value().shown()).orElse("missing")));
    Optional<MapNode.Entry> state = map.entry(STATE);
    boolean isFresh =
        state.flatMap(RoundReader::scalar).map(ScalarNode::text).stream().anyMatch(EMPTY::equals);
    problems.addIf(
        state.isPresent() && !isFresh,
        state.map(MapNode.Entry::line).orElse(line),
        "`state` is %s, must be `zero`, which begins with an empty one; without it the state lies beside the base model"
            .formatted(state.map(entry -> entry.value().shown()).orElse("")));
    return isWhole
        ? Optional.of(
            new RoundChoice(
                value.get().intValue(), isFresh, number.map(MapNode.Entry::line).orElse(line)))
        : Optional.empty();
  }

  private static Optional<ScalarNode> scalar(MapNode.Entry entry) {
    return entry.value() instanceof ScalarNode scalar ? Optional.of(scalar) : Optional.empty();
  }

  /** Those of the rule, among the recipe's own. */
  private static MapNode parameters(
      MapNode recipe, MapNode round, Optional<MergeMethod> rule, Optional<RoundChoice> choice) {
    List<MapNode.Entry> all = new ArrayList<>();
    recipe
        .entry(PARAMETERS)
        .filter(entry -> entry.value() instanceof MapNode)
        .ifPresent(entry -> all.addAll(((MapNode) entry.value()).entries()));
    for (MapNode.Entry entry : round.entries()) {
      if (!List.of(STRATEGY, NUMBER, STATE).contains(entry.key())) {
        all.removeIf(other -> other.key().equals(entry.key()));
        all.add(entry);
      }
    }
    boolean isTold =
        rule.stream()
            .flatMap(known -> known.parameters().stream())
            .map(Parameter::name)
            .anyMatch(KEY::equals);
    if (isTold && choice.isPresent()) {
      int line = choice.get().line();
      all.removeIf(other -> other.key().equals(KEY));
      all.add(new MapNode.Entry(KEY, line, ScalarNode.ofNumber(choice.get().number(), line)));
    }
    return new MapNode(all, round.line());
  }

  /** Clients are a set: whatever their order in the text, they are taken by their names. */
  private static Optional<MapNode.Entry> models(MapNode recipe) {
    Optional<MapNode.Entry> models = recipe.entry(MODELS);
    if (models.isEmpty() || !(models.get().value() instanceof ListNode list)) {
      return Optional.empty();
    }
    List<Node> sorted = new ArrayList<>(list.elements());
    sorted.sort(Comparator.comparing(RoundReader::name)); // stable: equal names stay in order
    return Optional.of(
        new MapNode.Entry(MODELS, models.get().line(), new ListNode(sorted, list.line())));
  }

  private static String name(Node model) {
    Node named =
        model instanceof MapNode map
            ? map.entry("model").map(MapNode.Entry::value).orElse(model)
            : model;
    return named instanceof ScalarNode scalar ? scalar.text() : "";
  }

  /** What lies beside the base model, where the rule goes on with it. */
  private Optional<MapNode.Entry> statistics(
      MapNode recipe, MergeMethod rule, Optional<RoundChoice> choice) {
    List<SideInput> states =
        rule.sideInputs().stream().filter(input -> input.scope() == Parameter.Scope.MERGE).toList();
    recipe
        .entry(STATISTICS)
        .ifPresent(
            entry ->
                problems.add(
                    entry.line(),
                    "a round finds its state beside `base_model`; remove `statistics`"));
    Optional<ScalarNode> base = recipe.entry(BASE).flatMap(RoundReader::scalar);
    if (states.isEmpty() || base.isEmpty() || choice.filter(RoundChoice::goesOn).isEmpty()) {
      return Optional.empty();
    }
    int line = recipe.entry(BASE).orElseThrow().line();
    String model = new ModelReference(base.get().text(), line).path();
    List<MapNode.Entry> places = new ArrayList<>();
    for (SideInput state : states) {
      String place = RoundChoice.place(model, state.name());
      places.add(new MapNode.Entry(state.name(), line, ScalarNode.ofText(place, line)));
    }
    return Optional.of(new MapNode.Entry(STATISTICS, line, new MapNode(places, line)));
  }

  private static MapNode without(MapNode recipe, List<MapNode.Entry> more, String... keys) {
    List<MapNode.Entry> entries = new ArrayList<>(recipe.entries());
    entries.removeIf(
        entry ->
            List.of(keys).contains(entry.key())
                || more.stream().anyMatch(other -> other.key().equals(entry.key())));
    entries.addAll(more);
    return new MapNode(entries, recipe.line());
  }
}
