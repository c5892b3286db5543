package dev.stockpot.merge.predict;

import dev.stockpot.merge.UserException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What the numbers of a table stand for. */
public enum Scale {
  /** Any real numbers; a softmax makes probabilities of them. */
  LOGITS("logits") {
    @Override
    boolean isOne(double value) {
      return value < Double.POSITIVE_INFINITY; // minus infinity is a class that cannot be
    }
  },

  /** Logarithms of probabilities that sum to one. */
  LOG_PROBABILITIES("log-probabilities") {
    @Override
    boolean isOne(double value) {
      return value <= TOLERANCE;
    }

    @Override
    double probability(double value) {
      return Math.exp(value);
    }
  },

  /** Probabilities that sum to one. */
  PROBABILITIES("probabilities") {
    @Override
    boolean isOne(double value) {
      return value >= -TOLERANCE && value <= 1 + TOLERANCE;
    }

    @Override
    double probability(double value) {
      return value;
    }

    @Override
    double logit(double value) {
      return Math.log(Math.max(0, value));
    }
  };

  /** How far from one a sum may be: that far it is rounding, of float16 or of few digits. */
  static final double TOLERANCE = 1e-3;

  private final String word;

  Scale(String word) {
    this.word = word;
  }

  /**
   * The scale of that name.
   *
   * @throws UserException if there is none
   */
  public static Scale of(String word) {
    return Arrays.stream(values())
        .filter(scale -> scale.word.equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new UserException(
                    "There is no scale `%s`: scores are %s"
                        .formatted(
                            word,
                            Arrays.stream(values())
                                .map(Scale::word)
                                .collect(Collectors.joining(", ")))));
  }

  /** Its name. */
  public String word() {
    return word;
  }

  /** Whether a number can be one of this scale; NaN is told apart before. */
  abstract boolean isOne(double value);

  /** The probability that a number is said to be; of logits, which say none, NaN. */
  double probability(double value) {
    return Double.NaN;
  }

  /** The number as a logit: what a softmax makes a probability of. */
  double logit(double value) {
    return value;
  }

  /** Whether a softmax of its numbers says more than they say. */
  boolean isNormalised() {
    return this != LOGITS;
  }
}
