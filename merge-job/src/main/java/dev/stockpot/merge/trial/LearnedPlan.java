package dev.stockpot.merge.trial;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Choosers;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
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
 * A soup of all models whose weights are learned without gradients, by CMA-ES over the logits of a
 * softmax, from the uniform soup on; the stand-in for the learned soups of model-soups.
 *
 * @param rest the recipe without its models
 * @param groups anchors of weights over the layers: 1 for one weight a model; between anchors,
 *     weights are interpolated as a gradient's are
 * @param evaluations at most
 * @param population of a generation, 0 for the strategy's own
 * @param sigma first step, of the range of logits
 */
record LearnedPlan(
    MapNode rest, int groups, int evaluations, int population, double sigma, long seed)
    implements Plan {
  /** Of logits: at its ends one of two models has e⁴ or e⁻⁴ times the weight of the other. */
  private static final double RANGE = 8;

  LearnedPlan {
    requireNonNull(rest, "rest is null");
  }

  static LearnedPlan read(Keys keys, MapNode rest) {
    return new LearnedPlan(
        rest,
        keys.whole("groups", 1, 1000, 1),
        keys.whole("evaluations", 1, 1_000_000, 100),
        keys.whole("population", 2, 10_000, 0),
        keys.number("sigma", 1e-6, 1, 1.0 / 6),
        keys.whole("seed", 0, Integer.MAX_VALUE, 0));
  }

  @Override
  public Chooser chooser(int models) {
    Point uniform = new Point(Collections.nCopies(models * groups, 0.5));
    return Choosers.cmaEs(uniform, sigma, population, evaluations, seed);
  }

  @Override
  public Optional<String> problemWith(Ingredients models) {
    if (models.size() < 2) {
      return Optional.of("of %s model there is nothing to learn".formatted(models.size()));
    }
    return groups > Math.max(1, models.layers())
        ? Optional.of(
            "`groups` is %s, and the models have %s layers that can be told. Lower it"
                .formatted(groups, models.layers()))
        : Optional.empty();
  }

  @Override
  public Node recipe(Point point, List<String> models) {
    List<List<Double>> weights = weights(point, models.size());
    Map<String, Node> all = new LinkedHashMap<>();
    for (int model = 0; model < models.size(); model++) {
      List<Node> ofModel = new ArrayList<>();
      for (double weight : weights.get(model)) {
        ofModel.add(ScalarNode.ofNumber(weight, 0));
      }
      all.put(models.get(model), groups == 1 ? ofModel.get(0) : new ListNode(ofModel, 0));
    }
    return WeightedModels.recipe(rest, all);
  }

  /** Weights of each model at each anchor; those of an anchor sum to 1. */
  private List<List<Double>> weights(Point point, int models) {
    List<List<Double>> weights = new ArrayList<>();
    IntStream.range(0, models).forEach(any -> weights.add(new ArrayList<>()));
    for (int group = 0; group < groups; group++) {
      double[] parts = new double[models];
      double sum = 0;
      for (int model = 0; model < models; model++) {
        parts[model] = StrictMath.exp(RANGE * (point.values().get(model * groups + group) - 0.5));
        sum += parts[model];
      }
      for (int model = 0; model < models; model++) {
        weights.get(model).add(parts[model] / sum);
      }
    }
    return weights;
  }

  @Override
  public long evaluations(int models) {
    return evaluations;
  }

  @Override
  public long generation(int models) {
    return Choosers.cmaPopulation(models * groups, population);
  }

  @Override
  public String described(Point point, List<String> models) {
    List<List<Double>> weights = weights(point, models.size());
    return IntStream.range(0, models.size())
        .mapToObj(model -> "%s × %s".formatted(shown(weights.get(model)), models.get(model)))
        .collect(Collectors.joining(" + "));
  }

  private static String shown(List<Double> weights) {
    String all =
        weights.stream()
            .map(number -> String.format(Locale.ROOT, "%.3f", number))
            .collect(Collectors.joining(", "));
    return weights.size() == 1 ? all : "[" + all + "]";
  }
}
