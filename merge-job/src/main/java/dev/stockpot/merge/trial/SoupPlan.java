package dev.stockpot.merge.trial;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Choosers;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.choose.SoupRules;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.ScalarNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A soup: which of the models are averaged, and how much each counts.
 *
 * @param rest the recipe without its models
 * @param rules of soups that are cooked one ingredient after the other
 * @param points on a line
 * @param sizes of windows
 */
record SoupPlan(
    String kind, MapNode rest, SoupRules rules, int points, List<Integer> sizes, int stride)
    implements Plan {
  /** Keys by which even a soup of one model is another model. */
  private static final Set<String> CHANGES =
      Set.of("tokenizer", "tokenizer_source", "chat_template", "vocab-tensors");

  SoupPlan {
    requireNonNull(kind, "kind is null");
    requireNonNull(rest, "rest is null");
    sizes = List.copyOf(sizes);
  }

  @Override
  public Chooser chooser(int models) {
    return switch (kind) {
      case "line" -> Choosers.line(points);
      case "windows" -> Choosers.windows(models, sizes, stride);
      default -> Choosers.soup(models, rules);
    };
  }

  @Override
  public Optional<String> problemWith(Ingredients all) {
    int models = all.size();
    if (kind.equals("line") && models != 2) {
      return Optional.of("a line is between two models, and there are %s".formatted(models));
    }
    if (kind.equals("windows") && sizes.stream().allMatch(size -> size > models)) {
      return Optional.of("windows of %s do not fit into %s models".formatted(sizes, models));
    }
    return Optional.empty();
  }

  /** A linear merge of the ingredients, normalised, in the order of the recipe. */
  @Override
  public Node recipe(Point point, List<String> models) {
    Map<String, Node> weights = new LinkedHashMap<>();
    for (int model : point.ingredients()) {
      weights.put(models.get(model), ScalarNode.ofNumber(point.values().get(model), 0));
    }
    return WeightedModels.recipe(rest, weights);
  }

  @Override
  public boolean isOriginal(Point point) {
    return point.ingredients().size() == 1
        && rest.entries().stream().map(MapNode.Entry::key).noneMatch(CHANGES::contains);
  }

  @Override
  public List<Integer> ingredients(Point point, int models) {
    return point.ingredients();
  }

  @Override
  public long evaluations(int models) {
    return switch (kind) {
      case "line" -> points;
      case "windows" -> Choosers.countWindows(models, sizes, stride);
      default -> {
        long tries = rules.mixing().with(Point.only(0, Math.max(2, models)), 1).size();
        long ofPass = rules.mixing().beginsWithTheBest() ? tries * (models - 1L) : models;
        yield models + ofPass + (rules.passes() - 1L) * Math.max(1, tries) * models;
      }
    };
  }

  @Override
  public long generation(int models) {
    return 1;
  }

  @Override
  public boolean needsErrors() {
    return rules.accept().needsErrors();
  }

  /** What follows hangs on scores, and most of what is made ahead may be for nothing. */
  @Override
  public int ahead(int parallel, int room) {
    return Math.min(parallel, room);
  }

  /** Candidates are made of other models each, so one is evaluated while the next one is made. */
  @Override
  public <T> List<List<T>> readings(List<T> wanted) {
    return wanted.stream().map(List::of).toList();
  }

  @Override
  public String described(Point point, List<String> models) {
    boolean isEven = point.values().stream().allMatch(weight -> weight == 0 || weight == 1);
    return point.ingredients().stream()
        .map(
            model ->
                isEven
                    ? models.get(model)
                    : "%.3g × %s".formatted(point.values().get(model), models.get(model)))
        .collect(Collectors.joining(" + "));
  }
}
