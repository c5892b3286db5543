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
import java.util.ArrayList;
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
 * gradients (Huang et al. 2023, LoraHub, arXiv 2307.13269). Products are summed, θ = θ₀ + Σ wᵢ
 * sᵢBᵢAᵢ, or, as published, factors, (Σ wᵢsᵢBᵢ)(Σ wᵢAᵢ), with terms of one adapter's A and
 * another's B. What is maximised is the score less {@code penalty} times the mean of |wᵢ|.
 *
 * @param rest the recipe without its models, which are the base with one adapter each
 * @param addsFactors whether factors are summed; then an adapter comes of it
 * @param bound weights are from −bound to bound; the search begins at 0
 * @param penalty in units of the score
 * @param evaluations at most
 * @param population of a generation, 0 for the strategy's own
 * @param sigma first step, of the range of weights
 */
record LoraHubPlan(
    MapNode rest,
    boolean addsFactors,
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
      problems.add(
          keys.line(),
          "lorahub adds %s adapters to a base; add `base_model`".formatted(models(rest).size()));
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
    boolean addsFactors = keys.oneOf("compose", List.of("cat", "factor"), "cat").equals("factor");
    problems.addIf(
        addsFactors && rest.entry("output").isPresent(),
        keys.lineOf("compose"),
        "`compose: factor` makes adapters by `combination_type: lorahub`, and `output` in line %s says what is made, too; remove one of them"
            .formatted(rest.entry("output").map(MapNode.Entry::line).orElse(0)));
    return new LoraHubPlan(
        rest,
        addsFactors,
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
    return WeightedModels.recipe("task_arithmetic", completed(rest), weights);
  }

  @Override
  public MapNode completed(MapNode without) {
    if (!addsFactors || without.entry("output").isPresent()) { // which is told
      return without;
    }
    MapNode output =
        new MapNode(List.of(word("kind", "adapter"), word("combination_type", "lorahub")), 0);
    List<MapNode.Entry> all = new ArrayList<>(without.entries());
    all.add(new MapNode.Entry("output", 0, output));
    return new MapNode(all, without.line());
  }

  private static MapNode.Entry word(String key, String value) {
    return new MapNode.Entry(key, 0, ScalarNode.ofText(value, 0));
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
  public String described(Point point, List<String> models) {
    List<Double> of = weights(point);
    return IntStream.range(0, models.size())
        .mapToObj(i -> String.format(Locale.ROOT, "%.3f × %s", of.get(i), models.get(i)))
        .collect(Collectors.joining(" + "));
  }
}
