package dev.stockpot.merge.trial;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Choosers;
import dev.stockpot.merge.choose.Curve;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.evaluate.Candidate;
import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.ScalarNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Points of a path between two models, all of which are scored.
 *
 * @param rest the recipe without its models
 * @param points both ends included
 */
record PathPlan(MapNode rest, Curve curve, int points) implements WeightedPlan {
  private static final List<String> KEYS = List.of("curve", "points", "hours");

  PathPlan {
    requireNonNull(rest, "rest is null");
    requireNonNull(curve, "curve is null");
  }

  /** The keys of a path; a word alone is its curve, a number alone how many points it has. */
  static Keys keys(Node node, Problems problems) {
    if (node instanceof MapNode map) {
      return new Keys("`path`", KEYS, map, problems);
    }
    boolean isCount = node instanceof ScalarNode scalar && scalar.number().isPresent();
    MapNode.Entry only = new MapNode.Entry(isCount ? "points" : "curve", node.line(), node);
    return new Keys("`path`", KEYS, new MapNode(List.of(only), node.line()), problems);
  }

  static PathPlan read(Keys keys, MapNode rest, Problems problems) {
    String word = keys.oneOf("curve", List.of("line", "bezier", "polygon"), "");
    checkModels(rest, word, problems);
    return new PathPlan(
        rest,
        word.equals("bezier") ? Curve.BEZIER : Curve.POLYGON,
        keys.whole("points", 2, 10_000, 25));
  }

  /** What can be told before patterns are looked at. */
  private static void checkModels(MapNode rest, String curve, Problems problems) {
    List<Node> models =
        rest.entry("models")
            .filter(entry -> entry.value() instanceof ListNode)
            .map(entry -> ((ListNode) entry.value()).elements())
            .orElse(List.of());
    Set<String> seen = new HashSet<>();
    for (Node model : models) {
      Optional<MapNode.Entry> name =
          model instanceof MapNode map ? map.entry("model") : Optional.empty();
      name.filter(entry -> !seen.add(entry.value().shown()))
          .ifPresent(
              entry ->
                  problems.add(
                      entry.line(),
                      "a path passes %s twice; name each model once"
                          .formatted(entry.value().shown())));
    }
    problems.addIf(
        curve.isEmpty() && models.size() > 2,
        rest.line(),
        "a path of %s models may be a bezier, which those in the middle bend, or a polygon, which passes them; say `path: {curve: bezier}` or `polygon`"
            .formatted(models.size()));
    problems.addIf(
        curve.equals("line") && models.size() > 2,
        rest.line(),
        "a line is between two models, and there are %s; say `curve: bezier` or `polygon`"
            .formatted(models.size()));
  }

  @Override
  public Chooser chooser(int models) {
    return Choosers.path(curve, models, points);
  }

  @Override
  public Optional<String> problemWith(Ingredients all) {
    int models = all.size();
    int least = curve == Curve.BEZIER ? 3 : 2;
    return models < least
        ? Optional.of(
            "a %s needs %s models at least, and there are %s"
                .formatted(
                    curve == Curve.BEZIER ? "bezier" : "path",
                    least == 2 ? "two" : "three, the second of which bends it,",
                    models))
        : Optional.empty();
  }

  @Override
  public Candidate.Mix mix(Point point) {
    List<Point> all = Choosers.path(curve, point.values().size(), points).upcoming(points);
    return new Candidate.Mix(
        WeightedModels.weights(point), placeOf(all.indexOf(point) + 1).orElseThrow());
  }

  @Override
  public long evaluations(int models) {
    return points;
  }

  @Override
  public long generation(int models) {
    return points;
  }

  @Override
  public OptionalDouble placeOf(int number) {
    return OptionalDouble.of((double) (number - 1) / (points - 1));
  }

  @Override
  public String described(Point point, List<String> models) {
    return WeightedModels.described(point, models);
  }
}
