package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.evaluate.EvaluationException;
import dev.stockpot.merge.recipe.Suggestion;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.trial.Answers;
import dev.stockpot.merge.trial.TrialRecipe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes what somebody found candidates to be.
 *
 * @param output of the merge that trials will choose
 */
record ToldResults(ObjectStore store, TrialRecipe trials, Location output) {

  /**
   * Writes down what somebody found candidates to be.
   *
   * @param results by candidate: a number, or JSON
   */
  void tell(Map<String, String> results) throws IOException {
    TrialMerge.requireTold(trials);
    PendingFolder scores = TrialFolders.of(output).claim(store, /* goesOn= */ true);
    try {
      Answers answers = new Answers(scores);
      List<String> problems = new ArrayList<>();
      for (Map.Entry<String, String> result : results.entrySet()) {
        problemWith(result, answers).ifPresent(problems::add);
      }
      if (!problems.isEmpty()) {
        throw new UserException("Nothing was written down:\n  " + String.join("\n  ", problems));
      }
      for (Map.Entry<String, String> result : results.entrySet()) {
        answers.tell(result.getKey(), result.getValue());
      }
    } finally {
      scores.keep();
    }
  }

  private Optional<String> problemWith(Map.Entry<String, String> result, Answers answers) {
    String candidate = result.getKey();
    if (!answers.asked().containsKey(candidate)) {
      return Optional.of(
          "nobody was asked for %s into %s; %s"
              .formatted(
                  candidate,
                  output,
                  answers.asked().isEmpty()
                      ? "begin with `stockpot ask`"
                      : Suggestion.or("asked was for", candidate, answers.asked().keySet())));
    }
    try {
      trials.requireScores(result.getValue());
      return Optional.empty();
    } catch (EvaluationException e) {
      return Optional.of("%s: %s".formatted(candidate, e.getMessage()));
    }
  }
}
