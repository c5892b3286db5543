package dev.stockpot.merge.predict;

import dev.stockpot.merge.UserException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How predictions of several models become one. */
public enum Method {
  MEAN("mean", Rule.PROBABILITIES, Weighing.GIVEN),
  LOGITS("logits", Rule.LOGITS, Weighing.GIVEN),
  GEOMETRIC("geometric", Rule.LOGITS, Weighing.GIVEN),
  MAJORITY("majority", Rule.VOTES, Weighing.EQUAL),
  VOTE("vote", Rule.VOTES, Weighing.GIVEN),
  STACKING("stacking", Rule.PROBABILITIES, Weighing.FITTED),
  GREEDY("greedy", Rule.PROBABILITIES, Weighing.FITTED),
  PER_CLASS("per-class", Rule.PROBABILITIES, Weighing.FITTED);

  /** What is averaged. */
  enum Rule {
    PROBABILITIES {
      @Override
      Combination of(Weights weights) {
        return new MeanOfProbabilities(weights);
      }
    },
    LOGITS {
      @Override
      Combination of(Weights weights) {
        return new MeanOfLogits(weights);
      }
    },
    VOTES {
      @Override
      Combination of(Weights weights) {
        return new Votes(weights);
      }
    };

    abstract Combination of(Weights weights);
  }

  private enum Weighing {
    EQUAL,
    GIVEN,
    FITTED
  }

  private final String word;
  private final Rule rule;
  private final Weighing weighing;

  Method(String word, Rule rule, Weighing weighing) {
    this.word = word;
    this.rule = rule;
    this.weighing = weighing;
  }

  /**
   * The method of that name.
   *
   * @throws UserException if there is none
   */
  public static Method of(String word) {
    return Arrays.stream(values())
        .filter(method -> method.word.equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new UserException(
                    "There is no way `%s` to combine predictions; there are %s"
                        .formatted(
                            word,
                            Arrays.stream(values())
                                .map(Method::word)
                                .collect(Collectors.joining(", ")))));
  }

  /** Its name. */
  public String word() {
    return word;
  }

  Rule rule() {
    return rule;
  }

  /** Whether its weights come from labelled examples. */
  public boolean isFitted() {
    return weighing == Weighing.FITTED;
  }

  /** Whether a user may give weights. */
  boolean takesWeights() {
    return weighing == Weighing.GIVEN;
  }

  /**
   * Refuses a table that has no logits, where it is these that count.
   *
   * @throws UserException if it has none
   */
  void requireLogits(NamedTable table, Scale scale) {
    if (this == LOGITS && scale.isNormalised()) {
      throw new UserException(
          "%s has %s, of which there are no logits to average. Say --by geometric, which is the same of probabilities"
              .formatted(table, scale.word()));
    }
  }
}
