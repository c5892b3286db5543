package dev.stockpot.merge.evaluate;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command, of this machine or of an executor.
 *
 * @param command its words; {@code {model}}, {@code {output}}, {@code {candidate}} and {@code
 *     {seed}} in them are replaced. The same is in its environment: {@code STOCKPOT_MODEL}, …
 * @param results pattern of the file that holds the results, below the output folder: {@code
 *     **}{@code /results_*.json}; nothing if its last line says them
 * @param timeout after which it is killed, with all that it started
 * @param version of what it does, for scores that are kept
 * @param errands who runs it
 */
record CommandEvaluator(
    List<String> command,
    Optional<String> results,
    Duration timeout,
    String version,
    Errands errands)
    implements Evaluator {
  CommandEvaluator {
    command = List.copyOf(command);
    requireNonNull(results, "results is null");
    requireNonNull(version, "version is null");
    requireNonNull(errands, "errands is null");
    if (command.isEmpty() || timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("command %s, timeout %s".formatted(command, timeout));
    }
  }

  /** This one, run by others. */
  CommandEvaluator by(Errands others) {
    return new CommandEvaluator(command, results, timeout, version, others);
  }

  @Override
  public boolean heedsBudget() {
    return command.stream().anyMatch(word -> word.contains("{budget}"));
  }

  @Override
  public boolean wantsBudget() {
    return heedsBudget();
  }

  @Override
  public String identity() {
    return "command %s, results %s, version %s".formatted(command, results.orElse(""), version);
  }

  @Override
  public Map<String, Measure> evaluate(Candidate candidate)
      throws EvaluationException, InterruptedException {
    CommandErrand errand =
        new CommandErrand(command, results.orElse(""), timeout.toMillis(), candidate);
    CommandOutput output = errands.run(errand).orThrow();
    return output.file().isEmpty()
        ? Results.ofLastLine(output.text())
        : Results.ofFile(output.file(), output.text());
  }
}
