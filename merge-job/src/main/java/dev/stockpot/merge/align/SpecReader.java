package dev.stockpot.merge.align;

import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.recipe.ScalarNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a spec from YAML. */
final class SpecReader {
  private static final Set<String> KEYS =
      Set.of("name", "models", "needs", "groups", "tensors", "buffers", "same");
  private final Problems problems;
  private final SpecNodes nodes;
  private final Set<String> kinds = new HashSet<>();

  private SpecReader(Problems problems) {
    this.problems = problems;
    this.nodes = new SpecNodes(problems);
  }

  /**
   * Reads a spec.
   *
   * @param source where it is from, for messages
   * @throws dev.stockpot.merge.recipe.RecipeException with all problems
   */
  static PermutationSpec read(String source, String text) {
    Problems problems = new Problems(source);
    Node tree = RecipeParser.trees(source, text).get(0);
    Optional<PermutationSpec> spec = Optional.empty();
    try {
      spec = tree instanceof MapNode map ? new SpecReader(problems).spec(map) : spec;
    } catch (IllegalArgumentException e) { // of a name that stands alone
      problems.add(tree.line(), e.getMessage());
    }
    problems.addIf(
        spec.isEmpty() && problems.isEmpty(), tree.line(), "a spec has `groups` and `tensors`");
    problems.throwIfAny();
    return spec.orElseThrow();
  }

  private Optional<PermutationSpec> spec(MapNode map) {
    nodes.requireKeys(map, KEYS, "a spec");
    Map<GroupRule, Integer> lines = new LinkedHashMap<>();
    for (MapNode.Entry entry : SpecNodes.entries(map, "groups")) {
      new GroupReader(nodes).read(entry).ifPresent(group -> lines.put(group, entry.line()));
    }
    List<GroupRule> groups = List.copyOf(lines.keySet());
    groups.forEach(group -> kinds.add(group.name().kind()));
    lines.forEach(
        (group, line) -> {
          group.first().ifPresent(axis -> requireKnown(axis, line));
          group.experts().ifPresent(name -> requireKnown(name, line));
        });
    List<TensorRule> tensors = new ArrayList<>();
    SpecNodes.entries(map, "tensors").forEach(entry -> tensors.addAll(tensors(entry, true)));
    SpecNodes.entries(map, "buffers").forEach(entry -> tensors.addAll(tensors(entry, false)));
    problems.addIf(
        groups.isEmpty() || tensors.isEmpty(),
        map.line(),
        "a spec has `groups`, such as {mlp.{l}: {}}, and `tensors`, such as {layers.{l}.up.weight:"
            + " 'mlp.{l}, fixed'}");
    List<PermutationSpec.Same> same = new ArrayList<>();
    for (Node node : SpecNodes.elements(map, "same")) {
      same(node).ifPresent(same::add);
    }
    return problems.isEmpty()
        ? Optional.of(
            new PermutationSpec(
                nodes.words(map, "name").stream().findFirst().orElse("its own"),
                nodes.words(map, "models"),
                nodes.words(map, "needs").stream().map(TensorPattern::new).toList(),
                groups,
                tensors,
                same))
        : Optional.empty();
  }

  /** What a line says: of tensors with so many axes, or with so many others. */
  private List<TensorRule> tensors(MapNode.Entry entry, boolean isCompared) {
    if (!(entry.value() instanceof ScalarNode axes)) {
      problems.add(
          entry.line(),
          "`%s` has no axes: write what lies along each, such as 'mlp.{l}, fixed'"
              .formatted(entry.key()));
      return List.of();
    }
    List<TensorRule> rules = new ArrayList<>();
    for (String either : axes.text().split(" or ", -1)) {
      try {
        List<AxisRule> along = new ArrayList<>();
        for (String axis : either.isBlank() ? new String[0] : either.split(",", -1)) {
          along.add(AxisRule.of(axis.strip()));
        }
        TensorRule rule = new TensorRule(new TensorPattern(entry.key()), along, isCompared);
        along.forEach(axis -> requireKnown(axis, entry.line()));
        requireNumbers(rule, entry.line());
        rules.add(rule);
      } catch (IllegalArgumentException e) {
        problems.add(entry.line(), e.getMessage());
      }
    }
    return rules;
  }

  private void requireNumbers(TensorRule rule, int line) {
    for (AxisRule axis : rule.axes()) {
      for (AxisRule.Part part : axis.parts()) {
        boolean isKnown =
            part.group().which() == GroupName.Which.LAST
                || rule.names().numbers().containsAll(part.group().letters());
        problems.addIf(
            !isKnown,
            line,
            "`%s` has a number that `%s` does not have"
                .formatted(part.group().text(), rule.names()));
      }
    }
  }

  private void requireKnown(AxisRule axis, int line) {
    axis.parts().forEach(part -> requireKnown(part.group(), line));
  }

  private void requireKnown(GroupName group, int line) {
    problems.addIf(
        !kinds.contains(group.kind()),
        line,
        "`%s` is none of the `groups`; add it there".formatted(group.text()));
  }

  private Optional<PermutationSpec.Same> same(Node node) {
    if (node instanceof MapNode map) {
      nodes.requireKeys(map, Set.of("groups", "unless"), "an element of `same`");
      List<String> groups = nodes.words(map, "groups");
      List<String> unless = nodes.words(map, "unless");
      if (groups.size() == 2) {
        GroupName one = GroupName.of(groups.get(0));
        GroupName other = GroupName.of(groups.get(1));
        requireKnown(one, node.line());
        requireKnown(other, node.line());
        return Optional.of(
            new PermutationSpec.Same(
                one, other, unless.stream().findFirst().map(TensorPattern::new)));
      }
    }
    problems.add(
        node.line(), "an element of `same` has two `groups`, and may have `unless`, a tensor");
    return Optional.empty();
  }
}
