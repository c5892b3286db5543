package dev.stockpot.merge.trial;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Choosers;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.ScalarNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A weighted sum of the changes that adapters make to one base, its weights searched without
 * gradients (Huang et al. 2023, LoraHub, arXiv 2307.13269): θ = θ₀ + Σ wᵢ sᵢBᵢAᵢ. Products are
 * summed, not factors, so there are no cross terms between adapters. What is maximised is the score
 * less {@code penalty} times the mean of |wᵢ|.
 *
 * @param rest the recipe without its models, which are the base with one adapter each
 * @param bound weights are from −bound to bound; the search begins at 0
 * @param penalty in units of the score
 * @param evaluations at most
 * @param population of a generation, 0 for the strategy's own
 * @param sigma first step, of the range of weights
 */
record LoraHubPlan(
    MapNode rest,
    double bound,
    double penalty,
    int evaluations,
    int population,
    double sigma,
    long seed)
    implements Plan {
  LoraHubPlan {
    requireNonNull(rest, "rest is null");
  }

  static LoraHubPlan read(Keys keys, MapNode rest, Problems problems) {
    if (rest.entry("base_model").isEmpty()) {
      problems.add(keys.line(), "lorahub adds adapters to a base; add `base_model`");
    }
    for (Node model : models(rest)) {
      String name =
          model instanceof MapNode map
              ? map.entry("model").map(entry -> entry.value().shown()).orElse("")
              : model.shown();
      problems.addIf(
          !name.contains("+"),
          model.line(),
          "lorahub weighs adapters, and %s has none; write base+adapter".formatted(name));
    }
    return new LoraHubPlan(
        rest,
        keys.number("bound", 1e-6, 1e6, 1.5),
        keys.number("l1", 0, 1e6, 0.05),
        keys.whole("evaluations", 1, 1_000_000, 40),
        keys.whole("population", 2, 10_000, 0),
        keys.number("sigma", 1e-6, 1, 1.0 / 6),
        keys.whole("seed", 0, Integer.MAX_VALUE, 0));
  }

  private static List<Node> models(MapNode rest) {
    return rest.entry("models")
        .filter(entry -> entry.value() instanceof ListNode)
        .map(entry -> ((ListNode) entry.value()).elements())
        .orElse(List.of());
  }

  @Override
  public Chooser chooser(int models) {
    Point nothing = new Point(Collections.nCopies(models, 0.5));
    return Choosers.regularised(
        Choosers.cmaEs(nothing, sigma, population, evaluations, seed),
        point -> penalty * weights(point).stream().mapToDouble(Math::abs).average().orElse(0));
  }

  private List<Double> weights(Point point) {
    return point.values().stream().map(place -> bound * (2 * place - 1)).toList();
  }

  @Override
  public Node recipe(Point point, List<String> models) {
    Map<String, Node> weights = new LinkedHashMap<>();
    List<Double> of = weights(point);
    for (int model = 0; model < models.size(); model++) {
      weights.put(models.get(model), ScalarNode.ofNumber(of.get(model), 0));
    }
    return WeightedModels.recipe("task_arithmetic", rest, weights);
  }

  @Override
  public String method() {
    return "task_arithmetic";
  }

  @Override
  public Optional<String> problemWith(Ingredients all) {
    int models = all.size();
    return models < 1 ? Optional.of("there is no adapter to weigh") : Optional.empty();
  }

  @Override
  public long evaluations(int models) {
    return evaluations;
  }

  @Override
  public long generation(int models) {
    return Choosers.cmaPopulation(models, population);
  }

  @Override
  public List<List<Point>> readings(List<Point> wanted) {
    return wanted.isEmpty() ? List.of() : List.of(wanted);
  }

  @Override
  public String described(Point point, List<String> models) {
    List<Double> of = weights(point);
    return IntStream.range(0, models.size())
        .mapToObj(i -> String.format(Locale.ROOT, "%.3f × %s", of.get(i), models.get(i)))
        .collect(Collectors.joining(" + "));
  }
}
