package dev.stockpot.merge.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a model is made of that lies in folders of its own: the modules of a sentence-transformers
 * model, the components of a diffusers pipeline. Their tensors have the folder in front of their
 * names, with a slash.
 *
 * @param kinds what each is, by its folder, in the order in which they are listed
 * @param weights what the files of those that hold weights are called, by folder, as in {@link
 *     Surroundings}
 * @param isChain whether they run one after the other, so that others in their place are another
 *     model
 */
public record Parts(Map<String, String> kinds, Map<String, String> weights, boolean isChain) {
  public static final Parts NONE = new Parts(Map.of(), Map.of(), false);

  private static final String NOTHING = "nothing";

  public Parts {
    kinds = Collections.unmodifiableMap(new LinkedHashMap<>(kinds));
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    if (!kinds.keySet().containsAll(weights.keySet())) {
      throw new IllegalArgumentException(
          "weights in %s, and parts in %s".formatted(weights.keySet(), kinds.keySet()));
    }
  }

  /** Whether any holds weights. */
  public boolean haveWeights() {
    return !weights.isEmpty();
  }

  /**
   * Folders that are of one kind here and of another there, with both; of a chain also those that
   * one of them lacks. Empty if the two can be one.
   */
  public Map<String, String> unlike(Parts other) {
    Map<String, String> unlike = new LinkedHashMap<>();
    Map<String, String> all = new LinkedHashMap<>(kinds);
    other.kinds.forEach(all::putIfAbsent);
    all.forEach(
        (folder, kind) -> {
          String ours = kinds.getOrDefault(folder, isChain ? NOTHING : kind);
          String theirs = other.kinds.getOrDefault(folder, isChain ? NOTHING : kind);
          if (!ours.equals(theirs)) {
            unlike.put(folder, "%s and %s".formatted(ours, theirs));
          }
        });
    return unlike;
  }
}
