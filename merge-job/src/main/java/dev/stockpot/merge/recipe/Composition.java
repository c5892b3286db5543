package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model that rules put together of tensors of others and of new ones.
 *
 * @param rules in order, those that stand for several layers once for each of them
 * @param config how its configuration comes about
 */
public record Composition(List<ComposeRule> rules, Config config) {
  public Composition {
    rules = List.copyOf(rules);
    requireNonNull(config, "config is null");
  }

  /**
   * What becomes of a configuration.
   *
   * @param template a model, or a file that ends in {@code .json}; empty: that of the base model
   * @param set values by their paths, names joined by dots
   * @param removed paths of values that are taken away
   * @param line where the recipe says it
   */
  public record Config(
      Optional<ModelReference> template, Map<String, Node> set, List<String> removed, int line) {
    /** As it is. */
    public static final Config UNCHANGED = new Config(Optional.empty(), Map.of(), List.of(), 0);

    public Config {
      requireNonNull(template, "template is null");
      set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
      removed = List.copyOf(removed);
    }

    /** Whether nobody has said anything of it. */
    public boolean isUnchanged() {
      return template.isEmpty() && set.isEmpty() && removed.isEmpty();
    }

    /** The template, if it is a file. */
    public Optional<ModelReference> file() {
      return template.filter(any -> any.path().endsWith(".json"));
    }

    /** The template, if it is a model. */
    public Optional<ModelReference> model() {
      return template.filter(any -> !any.path().endsWith(".json"));
    }
  }

  /** Every model that it takes tensors or the configuration of, in the order of the text. */
  public Set<ModelReference> references() {
    Set<ModelReference> references = new LinkedHashSet<>();
    rules.forEach(rule -> references.addAll(rule.models()));
    config.model().ifPresent(references::add);
    return references;
  }
}
