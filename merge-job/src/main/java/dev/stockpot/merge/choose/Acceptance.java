package dev.stockpot.merge.choose;

/**
 * When a candidate takes the place of the best so far.
 *
 * @param kind how gains are compared
 * @param amount the least gain, or the number of standard errors; 0 where the kind has none
 */
public record Acceptance(Kind kind, double amount) {
  /** Strictly better, as in the reference implementation of greedy soups. */
  public static final Acceptance GREATER = new Acceptance(Kind.GREATER, 0);

  /** As good at least, as DiWA's restricted weight selection has it. */
  public static final Acceptance GREATER_EQUAL = new Acceptance(Kind.GREATER_EQUAL, 0);

  /** Ways to compare. */
  public enum Kind {
    GREATER,
    GREATER_EQUAL,
    /** Better by at least an amount, in the units of the metric. */
    MIN_GAIN,
    /** Better by more than so many standard errors of the difference, as if scores were apart. */
    STANDARD_ERRORS
  }

  public Acceptance {
    if (!(amount >= 0) || Double.isInfinite(amount)) {
      throw new IllegalArgumentException("amount is %s, must be at least 0".formatted(amount));
    }
  }

  /** Whether evaluators must tell standard errors. */
  public boolean needsErrors() {
    return kind == Kind.STANDARD_ERRORS;
  }

  boolean accepts(Score candidate, Score best) {
    if (candidate.isFailed()) {
      return false;
    }
    double gain = candidate.orLowest() - best.orLowest();
    return switch (kind) {
      case GREATER -> gain > 0;
      case GREATER_EQUAL -> gain >= 0;
      case MIN_GAIN -> gain > 0 && gain >= amount;
      case STANDARD_ERRORS -> gain > amount * error(candidate, best);
    };
  }

  private static double error(Score candidate, Score best) {
    return Math.hypot(candidate.standardError().orElse(0), best.standardError().orElse(0));
  }
}
