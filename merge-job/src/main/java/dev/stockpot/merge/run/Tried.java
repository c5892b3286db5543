package dev.stockpot.merge.run;

import dev.stockpot.merge.trial.Gain;
import dev.stockpot.merge.trial.Trial;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A candidate of a soup or of a search that was scored, or could not be.
 *
 * @param number from 1
 * @param of how many there will be at most
 * @param what it is, in words
 * @param worth larger is better; nothing if it could not be scored
 * @param error standard error of the worth, where the evaluator tells it
 * @param measures by metric, as the evaluators gave them
 * @param failure why it could not be scored; empty if it was
 * @param verdict what that led to, in a word; empty if to nothing
 * @param gain over the best before it, with its standard error
 * @param isKnown whether its score was there from an earlier run
 */
public record Tried(
    int number,
    long of,
    String what,
    OptionalDouble worth,
    OptionalDouble error,
    Map<String, Double> measures,
    String failure,
    String verdict,
    Optional<Gain> gain,
    boolean isKnown) {

  static Tried of(
      Trial trial, int number, long of, String verdict, Optional<Gain> gain, boolean isKnown) {
    return new Tried(
        number,
        of,
        trial.what(),
        trial.score().worth(),
        trial.score().standardError(),
        trial.measures(),
        trial.failure(),
        verdict,
        gain,
        isKnown);
  }
}
