package dev.stockpot.merge.commit;

import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of a merge beside its plan.
 *
 * @param recipe its text, as the user wrote it
 * @param method the word of its method
 * @param versions of what made it, by name
 */
public record MergeFacts(String recipe, String method, long seed, Map<String, String> versions) {
  public MergeFacts {
    versions = new TreeMap<>(versions); // one order: it is written out
  }
}
