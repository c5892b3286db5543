package dev.stockpot.merge.structure;

import static java.util.Objects.requireNonNull;

/**
 * A stack that cannot be told: names and configuration disagree. What depends on the places of its
 * blocks is refused.
 *
 * @param prefix of the blocks in question
 * @param reason what disagrees, for a user
 */
record Doubt(String prefix, String reason) {
  public Doubt {
    requireNonNull(prefix, "prefix is null");
    requireNonNull(reason, "reason is null");
  }
}
