package dev.stockpot.merge.evaluate;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everybody who can be asked what a model is worth. */
public final class Evaluators {
  private Evaluators() {}

  /**
   * A command.
   *
   * @param command its words; {@code {model}}, {@code {output}}, {@code {candidate}} and {@code
   *     {seed}} in them are replaced
   * @param results pattern of the file that holds the results, below the output folder; nothing if
   *     its last line says them
   * @param timeout after which it is ended, with all that it started
   * @param version of what it does, for scores that are kept
   */
  public static Evaluator command(
      List<String> command, Optional<String> results, Duration timeout, String version) {
    return new CommandEvaluator(command, results, timeout, version, Errands.HERE);
  }

  /**
   * A command of executors, one at a time each.
   *
   * @param wantsGpu whether it needs a GPU
   */
  public static Evaluator commandOnExecutors(
      List<String> command,
      Optional<String> results,
      Duration timeout,
      String version,
      boolean wantsGpu) {
    return new OnExecutors(
        new CommandEvaluator(command, results, timeout, version, Errands.HERE), wantsGpu);
  }

  /**
   * A service.
   *
   * @param timeout for one candidate
   * @throws IllegalArgumentException if it is no address of http or https, or has a password in it
   */
  public static Evaluator http(URI service, Duration timeout, String version) {
    return new HttpEvaluator(service, timeout, version);
  }

  /**
   * Scores that are known already, a line of JSON each.
   *
   * @param name of the file, for messages
   * @throws EvaluationException if a line cannot be understood
   */
  public static Evaluator table(String name, String text) throws EvaluationException {
    return new ScoreTable(name, text);
  }

  /**
   * Somebody elsewhere, who is asked and tells: a scheduler, a cluster, a person.
   *
   * @param version of what is told, for scores that are kept; empty if nobody says
   */
  public static Evaluator elsewhere(String version) {
    return new Elsewhere(version);
  }

  /**
   * Results as they are told: a number, or JSON of any kind that is known.
   *
   * @throws EvaluationException if they are neither, or not finite
   */
  public static Map<String, Measure> results(String told) throws EvaluationException {
    return Results.told(told);
  }
}
