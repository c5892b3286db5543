package dev.stockpot.merge.trial;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Choosers;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.ScalarNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A search over the holes of a recipe.
 *
 * @param evaluations at most
 * @param population of a generation, 0 for the strategy's own
 * @param levels of a range, in a grid
 * @param sigma first step of {@code cma_es}, of each range
 */
record SearchPlan(
    Template template,
    String strategy,
    int evaluations,
    int population,
    int levels,
    double sigma,
    long seed)
    implements Plan {
  private static final List<String> STRATEGIES = List.of("cma_es", "grid", "random", "sobol");
  private static final List<String> KEYS =
      List.of("strategy", "evaluations", "population", "levels", "sigma", "seed", "hours");
  private static final int MOST_EVALUATIONS = 1_000_000;

  SearchPlan {
    requireNonNull(template, "template is null");
    requireNonNull(strategy, "strategy is null");
  }

  /** Hours after which no more is tried. */
  static double hours(Keys keys) {
    return keys.number("hours", 1e-6, 10_000, Double.POSITIVE_INFINITY);
  }

  static Keys keys(MapNode map, Problems problems) {
    return new Keys("`search`", KEYS, map, problems);
  }

  static SearchPlan read(Keys keys, Template template, Problems problems) {
    String strategy = keys.oneOf("strategy", STRATEGIES, "cma_es");
    int levels = keys.whole("levels", 2, 1000, 5);
    SearchPlan plan =
        new SearchPlan(
            template,
            strategy,
            keys.whole("evaluations", 1, MOST_EVALUATIONS, strategy.equals("grid") ? 0 : 100),
            keys.whole("population", 2, 10_000, 0),
            levels,
            keys.number("sigma", 1e-6, 1, 1.0 / 6),
            keys.whole("seed", 0, Integer.MAX_VALUE, 0));
    if (template.holes().isEmpty()) {
      problems.add(
          keys.line(),
          "there is nothing to search: give a parameter a range, for example `weight: {range: [0, 1]}`");
    } else if (strategy.equals("grid")) {
      plan.checkGrid(keys, problems);
    } else if (strategy.equals("sobol")) {
      problems.addIf(
          template.holes().size() > Choosers.MOST_SOBOL,
          keys.line(),
          "sobol searches %s dimensions at most, and there are %s; use `strategy: random` or `cma_es`"
              .formatted(Choosers.MOST_SOBOL, template.holes().size()));
    }
    return plan;
  }

  private void checkGrid(Keys keys, Problems problems) {
    double points = 1;
    for (int count : levelsOfHoles()) {
      points *= count;
    }
    if (evaluations > 0 && points > evaluations) {
      problems.add(
          keys.lineOf("evaluations"),
          "the grid has %.0f points, `evaluations` allows %s; lower `levels` (now %s)"
              .formatted(points, evaluations, levels));
    } else if (points > MOST_EVALUATIONS) {
      problems.add(
          keys.line(),
          "the grid has %.0f points, must have %s at most; lower `levels` (now %s)"
              .formatted(points, MOST_EVALUATIONS, levels));
    }
  }

  private List<Integer> levelsOfHoles() {
    List<Integer> all = new ArrayList<>();
    template
        .holes()
        .forEach(hole -> all.add(hole.values().count() == 0 ? levels : hole.values().count()));
    return all;
  }

  @Override
  public Chooser chooser(int models) {
    int dimensions = template.holes().size();
    return switch (strategy) {
      case "grid" -> Choosers.grid(levelsOfHoles());
      case "random" -> Choosers.random(dimensions, evaluations, seed);
      case "sobol" -> Choosers.sobol(dimensions, evaluations, seed);
      default -> Choosers.cmaEs(template.start(), sigma, population, evaluations, seed);
    };
  }

  @Override
  public Node recipe(Point point, List<String> models) {
    return template.filled(point);
  }

  @Override
  public boolean isOriginal(Point point) {
    return false;
  }

  @Override
  public List<Integer> ingredients(Point point, int models) {
    return IntStream.range(0, models).boxed().toList();
  }

  @Override
  public long evaluations(int models) {
    return strategy.equals("grid")
        ? levelsOfHoles().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b)
        : evaluations;
  }

  /** Candidates are made of the same models, as a rule. */
  @Override
  public List<List<Point>> readings(List<Point> wanted) {
    return wanted.isEmpty() ? List.of() : List.of(wanted);
  }

  @Override
  public String described(Point point, List<String> models) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < template.holes().size(); i++) {
      Hole hole = template.holes().get(i);
      Node value = hole.values().at(point.values().get(i), 0);
      words.add("%s = %s".formatted(hole.name(), value instanceof ScalarNode s ? shown(s) : "…"));
    }
    return String.join(", ", words);
  }

  private static String shown(ScalarNode value) {
    return value.value() instanceof Double number ? "%.4g".formatted(number) : value.text();
  }
}
