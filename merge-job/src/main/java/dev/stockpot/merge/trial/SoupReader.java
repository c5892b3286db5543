package dev.stockpot.merge.trial;

import dev.stockpot.merge.choose.Acceptance;
import dev.stockpot.merge.choose.Mixing;
import dev.stockpot.merge.choose.SoupRules;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads {@code soup}. */
final class SoupReader {
  private static final List<String> KINDS =
      List.of(
          "greedy",
          "interpolate",
          "pruned",
          "restricted",
          "uniform",
          "line",
          "windows",
          "learned",
          "swad",
          "lorahub");
  private static final List<String> KEYS =
      List.of(
          "kind",
          "accept",
          "order",
          "ties",
          "passes",
          "most",
          "seed",
          "shares",
          "points",
          "sizes",
          "stride",
          "average",
          "beta",
          "hours",
          "groups",
          "evaluations",
          "population",
          "sigma",
          "bound",
          "l1",
          "compose",
          "converge",
          "tolerance",
          "ratio",
          "ensemble");

  /** Keys that only some kinds have; a key of another kind would have no effect. */
  private static final Map<String, List<String>> OWN =
      Map.of(
          "learned", List.of("groups", "evaluations", "population", "sigma", "seed"),
          "lorahub",
              List.of("compose", "bound", "l1", "evaluations", "population", "sigma", "seed"),
          "swad", List.of("converge", "tolerance", "ratio"),
          "windows", List.of("sizes", "stride", "average", "beta"),
          "uniform", List.of("ensemble"));

  private static final List<String> OF_OTHERS =
      List.of("accept", "order", "ties", "passes", "most", "seed", "shares", "points", "ensemble");

  private SoupReader() {}

  /** The keys of a soup; a word alone is its kind. */
  static Keys keys(Node node, Problems problems) {
    MapNode map =
        node instanceof MapNode given
            ? given
            : new MapNode(List.of(new MapNode.Entry("kind", node.line(), node)), node.line());
    return new Keys("`soup`", KEYS, map, problems);
  }

  static Plan read(Keys keys, MapNode rest, Problems problems) {
    String kind = keys.oneOf("kind", KINDS, "greedy");
    requireKeysOfKind(kind, keys, problems);
    if (kind.equals("learned")) {
      return LearnedPlan.read(keys, rest);
    }
    if (kind.equals("swad")) {
      return SwadPlan.read(keys, rest);
    }
    if (kind.equals("lorahub")) {
      return LoraHubPlan.read(keys, rest, problems);
    }
    List<Double> sizes = keys.numbers("sizes", 1, 100_000, List.of(3.0, 5.0, 10.0));
    return new SoupPlan(
        kind,
        rest,
        new SoupRules(
            mixing(kind, keys),
            accept(kind, keys, problems),
            SoupRules.Order.valueOf(
                keys.oneOf("order", List.of("metric", "given", "random"), "metric")
                    .toUpperCase(Locale.ROOT)),
            keys.oneOf("ties", List.of("recipe", "reference"), "recipe").equals("reference"),
            keys.whole("passes", 1, 1000, 1),
            keys.whole("most", 1, Integer.MAX_VALUE, Integer.MAX_VALUE),
            keys.whole("seed", 0, Integer.MAX_VALUE, 0)),
        keys.whole("points", 2, 10_000, 11),
        sizes.stream().map(Double::intValue).toList(),
        keys.whole("stride", 1, 100_000, 1),
        WindowReader.average(keys, problems));
  }

  private static void requireKeysOfKind(String kind, Keys keys, Problems problems) {
    List<String> own = OWN.getOrDefault(kind, OF_OTHERS);
    for (String key : KEYS) {
      boolean isOfAll = key.equals("kind") || key.equals("hours");
      if (keys.has(key) && !own.contains(key) && !isOfAll) {
        List<String> owners =
            OWN.keySet().stream().filter(one -> OWN.get(one).contains(key)).sorted().toList();
        problems.add(
            keys.lineOf(key),
            owners.isEmpty() || OF_OTHERS.contains(key)
                ? "`%s` has no effect on a %s soup; remove it".formatted(key, kind)
                : "`%s` is of `kind: %s`, and has no effect on a %s soup; remove it"
                    .formatted(key, String.join("` and `", owners), kind));
      }
    }
  }

  private static Mixing mixing(String kind, Keys keys) {
    return switch (kind) {
      case "interpolate" ->
          new Mixing.Interpolated(
              keys.numbers("shares", 1e-6, 1, List.of(0.1, 0.2, 0.3, 0.4, 0.5)));
      case "pruned" -> new Mixing.LeftOut();
      default -> new Mixing.OneMore();
    };
  }

  private static Acceptance accept(String kind, Keys keys, Problems problems) {
    boolean isLenient = kind.equals("restricted") || kind.equals("pruned");
    Acceptance otherwise = isLenient ? Acceptance.GREATER_EQUAL : Acceptance.GREATER;
    Optional<Node> value = keys.value("accept");
    if (value.isPresent() && value.get() instanceof MapNode map) {
      Keys amount = new Keys("`accept`", List.of("min-gain", "z"), map, problems);
      return amount.has("z")
          ? new Acceptance(Acceptance.Kind.STANDARD_ERRORS, amount.number("z", 0, 100, 0))
          : new Acceptance(
              Acceptance.Kind.MIN_GAIN, amount.number("min-gain", 0, Double.MAX_VALUE, 0));
    }
    String word = keys.oneOf("accept", List.of("greater", "greater-equal"), "");
    return switch (word) {
      case "greater" -> Acceptance.GREATER;
      case "greater-equal" -> Acceptance.GREATER_EQUAL;
      default -> otherwise;
    };
  }
}
