package dev.stockpot.merge.trial;

import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.RecipeException;
import dev.stockpot.merge.recipe.ScalarNode;
import dev.stockpot.merge.recipe.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads recipes with {@code soup}, {@code search} or {@code path}. */
public final class TrialReader {
  private static final Set<String> KEYS = Set.of("soup", "search", "path", "evaluate", "test");
  private static final Set<String> ASKS = Set.of("soup", "search", "path", "evaluate");
  private static final Set<String> OF_MODEL = Set.of("model", "steps");
  private static final List<String> KINDS = List.of("soup", "search", "path");
  private static final Pattern PARAMETER = Pattern.compile("(?:^|\\.)parameters\\.([^.\\[]+)");

  /** All models count the same, before anything is chosen. */
  private static final MapNode ALIKE =
      new MapNode(List.of(new MapNode.Entry("weight", 0, new ScalarNode(1.0, "1", 0))), 0);

  private TrialReader() {}

  /** Whether a tree asks for trials. */
  public static boolean isOne(Node tree) {
    return tree instanceof MapNode map
        && (EvolveReader.isOne(map)
            || map.entries().stream().anyMatch(entry -> ASKS.contains(entry.key())));
  }

  /**
   * Reads a recipe that asks for trials.
   *
   * @param source where it is from, for messages
   * @param parser of the recipes that candidates are made by
   * @param texts reads what the recipe names
   * @throws RecipeException with all that is wrong with it
   */
  public static TrialRecipe parse(
      String source,
      String text,
      Node tree,
      Function<Node, Recipe> parser,
      TrialRecipe.Texts texts) {
    Problems problems = new Problems(source);
    MapNode written = (MapNode) tree;
    MapNode map =
        EvolveReader.isOne(written) ? new EvolveReader(texts, problems).read(written) : written;
    problems.throwIfAny();
    MapNode rest =
        new MapNode(
            map.entries().stream().filter(entry -> !KEYS.contains(entry.key())).toList(),
            map.line());
    EvaluatorReader evaluators = new EvaluatorReader(texts, problems);
    Optional<Judges> judges =
        map.entry("evaluate").flatMap(entry -> evaluators.read(entry.value()));
    problems.addIf(
        map.entry("evaluate").isEmpty(),
        map.line(),
        "nothing says what a candidate is worth; add `evaluate` with a `command`, an `http` or"
            + " `scores`");
    EvaluatorReader testers = new EvaluatorReader(texts, problems);
    Optional<Judges> test = map.entry("test").flatMap(entry -> testers.read(entry.value()));
    problems.addIf(
        test.filter(all -> !all.areHere()).isPresent(),
        map.entry("test").map(MapNode.Entry::line).orElse(0),
        "`test` is asked once all is chosen, and cannot be `on: nowhere`; name a command or a"
            + " service");
    List<String> kinds = KINDS.stream().filter(kind -> map.entry(kind).isPresent()).toList();
    problems.addIf(
        kinds.size() != 1,
        map.line(),
        kinds.isEmpty()
            ? "there is `evaluate`, but nothing to try; add `soup`, `search` or `path`"
            : "`%s` exclude each other; keep one".formatted(String.join("` and `", kinds)));
    problems.throwIfAny();
    Node asked = map.entry(kinds.get(0)).orElseThrow().value();
    Keys read = keys(kinds.get(0), asked, problems);
    Plan plan =
        switch (kinds.get(0)) {
          case "soup" -> SoupReader.read(read, rest, problems);
          case "path" -> PathPlan.read(read, rest, problems);
          default ->
              SearchPlan.read(
                  read, genome(read, rest, texts, problems), judges.orElseThrow(), texts, problems);
        };
    Optional<MeasuredEnsemble> ensemble =
        MeasuredEnsemble.read(read, judges.orElseThrow(), texts, problems);
    double hours = SearchPlan.hours(read);
    checkThatBudgetsAreSaid(plan, judges, map.entry("evaluate"), problems);
    checkThatBudgetsAreSaid(plan, test, map.entry("test"), problems);
    Optional<Recipe> example = example(plan, rest, parser, problems);
    example.ifPresent(first -> checkThatHolesCount(plan, first, rest, problems));
    problems.throwIfAny();
    return new TrialRecipe(
        text,
        plan,
        judges.orElseThrow(),
        example.orElseThrow(),
        hours,
        problems.told(),
        test,
        ensemble);
  }

  private static void checkThatBudgetsAreSaid(
      Plan plan, Optional<Judges> judges, Optional<MapNode.Entry> entry, Problems problems) {
    problems.addIf(
        !plan.saysBudgets()
            && judges.filter(all -> all.all().stream().anyMatch(Judge::wantsBudget)).isPresent(),
        entry.map(MapNode.Entry::line).orElse(0),
        "`{budget}` in `command` is filled in by `strategy: halving` only, which scores candidates"
            + " on growing numbers of examples; remove it");
  }

  private static Genome genome(
      Keys keys, MapNode rest, TrialRecipe.Texts texts, Problems problems) {
    Template template = Template.of(rest, problems);
    return keys.value("layers")
        .map(layers -> new LayersReader(texts, problems).read(layers, template))
        .orElse(template);
  }

  private static Keys keys(String kind, Node asked, Problems problems) {
    return switch (kind) {
      case "soup" -> SoupReader.keys(asked, problems);
      case "path" -> PathPlan.keys(asked, problems);
      default -> StrategyReader.keys(mapOf(asked), problems);
    };
  }

  /** {@code search: grid} is a strategy alone. */
  private static MapNode mapOf(Node node) {
    return node instanceof MapNode map
        ? map
        : new MapNode(List.of(new MapNode.Entry("strategy", node.line(), node)), node.line());
  }

  private static Optional<Recipe> example(
      Plan plan, MapNode rest, Function<Node, Recipe> parser, Problems problems) {
    Node tree = rest;
    if (plan instanceof SearchPlan search) {
      tree = search.genome().example();
    } else {
      checkSoup(plan.method(), rest, problems);
      List<MapNode.Entry> entries = new ArrayList<>(plan.completed(rest).entries());
      if (rest.entry("merge_method").isEmpty()) {
        entries.add(
            new MapNode.Entry(
                "merge_method", rest.line(), ScalarNode.ofText(plan.method(), rest.line())));
      }
      if (rest.entry("parameters").isEmpty()) {
        entries.add(new MapNode.Entry("parameters", rest.line(), ALIKE));
      }
      tree = new MapNode(entries, rest.line());
    }
    try {
      return Optional.of(parser.apply(tree));
    } catch (RecipeException e) {
      problems.include(e);
      return Optional.empty();
    }
  }

  /**
   * A recipe may have parameters that its method lacks; to search over one is to pay for nothing.
   */
  private static void checkThatHolesCount(
      Plan plan, Recipe example, MapNode rest, Problems problems) {
    if (!(plan instanceof SearchPlan search)
        || !(search.genome() instanceof Template template)
        || !(rest.entry("merge_method").map(MapNode.Entry::value).orElse(rest)
            instanceof ScalarNode)) {
      return; // nothing is searched, or the method is
    }
    List<String> known = example.method().parameters().stream().map(Parameter::name).toList();
    for (Hole hole : template.holes()) {
      Matcher parameter = PARAMETER.matcher(hole.name());
      if (parameter.find() && !known.contains(parameter.group(1))) {
        problems.add(
            hole.line(),
            "%s has no parameter `%s`, so nothing would come of it; %s"
                .formatted(
                    example.method().name(),
                    parameter.group(1),
                    Suggestion.or("it has", parameter.group(1), known)));
      }
    }
  }

  private static void checkSoup(String method, MapNode rest, Problems problems) {
    rest.entry("merge_method")
        .filter(entry -> !(entry.value() instanceof ScalarNode word && word.text().equals(method)))
        .ifPresent(
            entry ->
                problems.add(
                    entry.line(),
                    "a soup is an average, and so is a point of a path: `merge_method` is %s, must be %s or left out. To choose parameters of another method, use `search`"
                        .formatted(entry.value().shown(), method)));
    for (String key : List.of("slices", "parameters")) {
      rest.entry(key)
          .ifPresent(
              entry ->
                  problems.add(
                      entry.line(),
                      "`%s` is not for soups and paths, which choose weights; remove it"
                          .formatted(key)));
    }
    rest.entry("models")
        .filter(entry -> entry.value() instanceof ListNode)
        .ifPresent(
            entry ->
                ((ListNode) entry.value())
                    .elements()
                    .forEach(model -> checkModel(model, problems)));
  }

  /**
   * What stands beside a model's name would be lost: candidates name models and weights alone,
   * those that a pattern matched.
   */
  private static void checkModel(Node model, Problems problems) {
    if (model instanceof MapNode map) {
      for (MapNode.Entry entry : map.entries()) {
        problems.addIf(
            !OF_MODEL.contains(entry.key()),
            entry.line(),
            "`%s` of a model is not for soups and paths, which choose weights of models as they are; remove it"
                .formatted(entry.key()));
      }
    }
  }
}
