package dev.stockpot.merge.recipe;

/**
 * That a merge is a round: it goes on from the one that made its base model.
 *
 * @param number from 1
 * @param isFresh whether it begins with an empty state, whatever lies beside its base
 * @param line that says which round it is
 */
public record RoundChoice(int number, boolean isFresh, int line) {
  /** The folder beside a model in which state lies. */
  public static final String STATE = "state";

  /** The key, and the parameter by which rules that count with it hear the number. */
  public static final String PARAMETER = "round";

  public RoundChoice {
    if (number < 1) {
      throw new IllegalArgumentException("round %s, must be from 1 up".formatted(number));
    }
  }

  /** Whether there is a round before it that it goes on from. */
  public boolean goesOn() {
    return number > 1 && !isFresh;
  }

  /** Where a kind of state lies beside a model. */
  static String place(String model, String kind) {
    return "%s/%s/%s".formatted(model, STATE, kind);
  }
}
