package dev.stockpot.merge.align;

import dev.stockpot.merge.recipe.MapNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what a spec says of groups. */
record GroupReader(SpecNodes nodes) {
  private static final Set<String> KEYS =
      Set.of(
          "residual",
          "heads",
          "key_value_heads",
          "keys",
          "order",
          "pairs",
          "unless",
          "experts",
          "first",
          "last");

  Optional<GroupRule> read(MapNode.Entry entry) {
    if (!(entry.value() instanceof MapNode map)) {
      nodes
          .problems()
          .add(
              entry.line(),
              "`%s` is %s, must be a mapping, such as {} or {residual: true}"
                  .formatted(entry.key(), entry.value().shown()));
      return Optional.empty();
    }
    nodes.requireKeys(map, KEYS, "a group");
    try {
      List<String> heads = nodes.words(map, "heads");
      Optional<GroupRule.HeadRule> rule =
          heads.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  new GroupRule.HeadRule(
                      heads,
                      nodes.words(map, "key_value_heads"),
                      !is(map, "keys", "fixed"),
                      !is(map, "order", "fixed"),
                      is(map, "pairs", "half"),
                      nodes.words(map, "unless").stream().findFirst().map(TensorPattern::new)));
      GroupName name = GroupName.of(entry.key());
      return Optional.of(
          new GroupRule(
              name,
              is(map, "residual", "true"),
              rule,
              experts(name, nodes.words(map, "experts")),
              nodes.words(map, "first").stream().findFirst().map(AxisRule::of),
              is(map, "last", "fixed")));
    } catch (IllegalArgumentException e) {
      nodes.problems().add(entry.line(), e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<GroupName> experts(GroupName name, List<String> said) {
    Optional<GroupName> member = said.stream().findFirst().map(GroupName::of);
    if (member.isPresent()
        && (member.get().letters().size() != name.letters().size() + 1
            || !member.get().letters().containsAll(name.letters()))) {
      throw new IllegalArgumentException(
          "`experts` of `%s` is %s, must have one number more, which counts experts: expert.{l}.{e}"
              .formatted(name.text(), member.get().text()));
    }
    return member;
  }

  /** Whether a key has the only value that it may have. */
  private boolean is(MapNode map, String key, String value) {
    List<String> said = nodes.words(map, key);
    nodes
        .problems()
        .addIf(
            !said.isEmpty() && !said.equals(List.of(value)),
            map.line(),
            "`%s` is %s, may only be %s; leave it out otherwise"
                .formatted(key, String.join(", ", said), value));
    return said.equals(List.of(value));
  }
}
