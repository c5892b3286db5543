package dev.stockpot.merge.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.evaluate.EvaluationException;
import dev.stockpot.merge.evaluate.Evaluators;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import java.util.Optional;

/**
 * What was told of a candidate.
 *
 * @param failure why it could not be scored, if it could not
 */
record Told(String results, Optional<String> failure) {
  private static final String FAILURE = "failure";

  static Told of(String results) {
    return new Told(results, failure(results));
  }

  private static Optional<String> failure(String results) {
    try {
      return Json.parse(results.getBytes(UTF_8))
          .object()
          .filter(tree -> tree.fields().containsKey(FAILURE))
          .map(Told::reason);
    } catch (JsonException e) { // a number, or what is refused as results
      return Optional.empty();
    }
  }

  private static String reason(JsonObject tree) {
    String reason = tree.text(FAILURE);
    return reason.isBlank() ? "it failed" : reason;
  }

  /**
   * What it comes to; nothing where it could not be scored.
   *
   * @throws EvaluationException if it has not what counts
   */
  Optional<Judges.Verdict> verdict(Judges judges) throws EvaluationException {
    return failure.isPresent()
        ? Optional.empty()
        : Optional.of(judges.of(Evaluators.results(results)));
  }
}
