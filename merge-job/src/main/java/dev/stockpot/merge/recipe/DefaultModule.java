package dev.stockpot.merge.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * mergekit's {@code modules}: parts of a model that are merged each in its way. A model of one part
 * has a module {@code default}, which says no more than the recipe itself would.
 */
final class DefaultModule {
  private static final String MODULES = "modules";
  private static final String DEFAULT = "default";
  private static final String PARAMETERS = "parameters";
  private static final Set<String> KEYS = Set.of("models", "slices", PARAMETERS);

  private DefaultModule() {}

  /** The recipe with what its only module says, and without that; or a problem. */
  static MapNode unwrapped(MapNode recipe, Problems problems) {
    Optional<MapNode.Entry> modules = recipe.entry(MODULES);
    if (modules.isEmpty()) {
      return recipe;
    }
    int line = modules.get().line();
    if (modules.get().value() instanceof ScalarNode none && none.isNull()) {
      problems.tell(line, "`modules` has no value, and counts as not given");
      return without(recipe, List.of());
    }
    if (!(modules.get().value() instanceof MapNode map)
        || map.entries().size() != 1
        || map.entry(DEFAULT).isEmpty()
        || !(map.entry(DEFAULT).get().value() instanceof MapNode module)) {
      problems.add(
          line,
          "`modules` is taken with a single module `default`; give `models` for all parts of a"
              + " model, or `slices` whose sources say which stack they mean, `stack: text`");
      return without(recipe, List.of());
    }
    for (MapNode.Entry entry : module.entries()) {
      problems.addIf(
          !KEYS.contains(entry.key()),
          entry.line(),
          "`%s` is not a key of a module; its keys are `models`, `slices`, `parameters`"
              .formatted(entry.key()));
      problems.addIf(
          !entry.key().equals(PARAMETERS) && recipe.entry(entry.key()).isPresent(),
          entry.line(),
          "`%s` is given twice, here and beside `modules`; keep one".formatted(entry.key()));
    }
    problems.tell(line, "`modules` with `default` alone says what the recipe says without them");
    List<MapNode.Entry> more = new ArrayList<>();
    for (MapNode.Entry entry : module.entries()) {
      if (entry.key().equals(PARAMETERS)) {
        more.add(new MapNode.Entry(PARAMETERS, entry.line(), both(entry.value(), recipe)));
      } else if (recipe.entry(entry.key()).isEmpty() && KEYS.contains(entry.key())) {
        more.add(entry);
      }
    }
    return without(recipe, more);
  }

  private static MapNode without(MapNode recipe, List<MapNode.Entry> more) {
    List<MapNode.Entry> entries = new ArrayList<>(recipe.entries());
    entries.removeIf(
        entry ->
            entry.key().equals(MODULES)
                || more.stream().anyMatch(other -> other.key().equals(entry.key())));
    entries.addAll(more);
    return new MapNode(entries, recipe.line());
  }

  /** Parameters of the module; where its filters pass a tensor by, the recipe's count. */
  private static Node both(Node module, MapNode recipe) {
    if (!(module instanceof MapNode inner)
        || !(recipe.entry(PARAMETERS).map(MapNode.Entry::value).orElse(null)
            instanceof MapNode outer)) {
      return module;
    }
    Map<String, MapNode.Entry> all = new LinkedHashMap<>();
    outer.entries().forEach(entry -> all.put(entry.key(), entry));
    for (MapNode.Entry entry : inner.entries()) {
      MapNode.Entry wider = all.get(entry.key());
      List<Node> choices = new ArrayList<>(choices(entry.value()));
      if (wider != null && !choices.isEmpty()) {
        List<Node> others = choices(wider.value());
        choices.addAll(others.isEmpty() ? List.of(choice(wider.value())) : others);
      }
      Node value = choices.isEmpty() ? entry.value() : new ListNode(choices, entry.line());
      all.put(entry.key(), new MapNode.Entry(entry.key(), entry.line(), value));
    }
    return new MapNode(List.copyOf(all.values()), inner.line());
  }

  /** Values with filters; none if the value is for all tensors. */
  private static List<Node> choices(Node value) {
    if (value instanceof MapNode) {
      return List.of(value);
    }
    boolean areMaps =
        value instanceof ListNode list
            && list.elements().stream().allMatch(MapNode.class::isInstance);
    return areMaps ? ((ListNode) value).elements() : List.of();
  }

  private static Node choice(Node value) {
    return new MapNode(List.of(new MapNode.Entry("value", value.line(), value)), value.line());
  }
}
