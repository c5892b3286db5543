package dev.stockpot.merge.choose;

import static java.util.Objects.requireNonNull;

/**
 * How a soup is cooked, one ingredient after the other.
 *
 * @param passes how often the list of ingredients is gone through, at least once; a pass in which
 *     nothing was accepted is the last
 * @param most ingredients in the soup
 * @param seed of a random order
 */
public record SoupRules(
    Mixing mixing,
    Acceptance accept,
    Order order,
    boolean laterFirst,
    int passes,
    int most,
    long seed) {

  /** In which order ingredients are tried. */
  public enum Order {
    /** Best alone first; worst first where ingredients are left out. */
    METRIC,
    /** As the recipe has them. */
    GIVEN,
    RANDOM
  }

  /**
   * The rules.
   *
   * @param laterFirst whether of equally good models the later one comes first, as the reference
   *     implementation has it
   */
  public SoupRules {
    requireNonNull(mixing, "mixing is null");
    requireNonNull(accept, "accept is null");
    requireNonNull(order, "order is null");
    if (passes < 1 || most < 1) {
      throw new IllegalArgumentException(
          "%s passes, at most %s ingredients: both must be at least 1".formatted(passes, most));
    }
  }

  /** Wortsman et al. 2022 (arXiv 2203.05482), recipe 1, as their code has it. */
  public static SoupRules greedy() {
    return new SoupRules(
        new Mixing.OneMore(), Acceptance.GREATER, Order.METRIC, false, 1, Integer.MAX_VALUE, 0);
  }
}
