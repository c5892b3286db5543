package dev.stockpot.merge.trial;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Choosers;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.choose.SoupRules;
import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.ScalarNode;
import java.util.ArrayList;
import java.util.List;
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
  /** Keys whose values the soup makes. */
  private static final Set<String> MADE = Set.of("merge_method", "models");

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

  /** What is wrong with the number of models; nothing if nothing is. */
  Optional<String> problemWith(int models) {
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
    List<Node> entries = new ArrayList<>();
    for (int model : point.ingredients()) {
      double weight = point.values().get(model);
      MapNode parameters = map("weight", new ScalarNode(weight, String.valueOf(weight), 0));
      entries.add(
          new MapNode(
              List.of(
                  new MapNode.Entry("model", 0, ScalarNode.ofText(models.get(model), 0)),
                  new MapNode.Entry("parameters", 0, parameters)),
              0));
    }
    List<MapNode.Entry> all = new ArrayList<>();
    all.add(new MapNode.Entry("merge_method", 0, ScalarNode.ofText("linear", 0)));
    rest.entries().stream().filter(entry -> !MADE.contains(entry.key())).forEach(all::add);
    all.add(new MapNode.Entry("models", 0, new ListNode(entries, 0)));
    return new MapNode(all, rest.line());
  }

  private static MapNode map(String key, Node value) {
    return new MapNode(List.of(new MapNode.Entry(key, 0, value)), 0);
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
  public boolean needsErrors() {
    return rules.accept().needsErrors();
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
