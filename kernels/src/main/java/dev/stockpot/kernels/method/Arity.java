package dev.stockpot.kernels.method;

import static java.util.Objects.requireNonNull;

/**
 * The models that a method takes.
 *
 * @param base what it makes of the recipe's base model
 * @param fewest least number of models beside the base, or with it if the base is {@link
 *     Base#ONE_OF_THEM}
 * @param most greatest such number
 */
public record Arity(Base base, int fewest, int most) {

  /** The part that a base model plays. */
  public enum Base {
    /** Gives configuration and tokenizer only; averaged only where it is listed as a model. */
    DONOR,
    /** Task vectors are taken against it; it is not merged as a model. */
    ORIGIN,
    /** As {@link #ORIGIN} where the recipe names one; without, models are merged as they are. */
    ORIGIN_IF_GIVEN,
    /** It is one of the models that are merged. */
    ONE_OF_THEM
  }

  public static final int ANY = Integer.MAX_VALUE;

  public Arity {
    requireNonNull(base, "base is null");
    if (fewest < 1 || most < fewest) {
      throw new IllegalArgumentException("%s to %s models".formatted(fewest, most));
    }
  }

  public boolean needsBase() {
    return base == Base.ORIGIN || base == Base.ONE_OF_THEM;
  }

  /** Whether a base model, where there is one, is what task vectors are taken against. */
  public boolean takesOrigin() {
    return base == Base.ORIGIN || base == Base.ORIGIN_IF_GIVEN;
  }

  /**
   * Refuses terms with fewer or more models than a method takes.
   *
   * @throws IllegalArgumentException if they have
   */
  public void check(String method, TensorTerms terms) {
    boolean beside = takesOrigin() && terms.base().isPresent();
    int models = terms.models().size() - (beside ? 1 : 0);
    if (models < fewest || models > most) {
      throw new IllegalArgumentException(
          "%s of %s has %s models, takes %s to %s"
              .formatted(
                  method, terms.tensor(), models, fewest, most == ANY ? "any number" : most));
    }
  }
}
