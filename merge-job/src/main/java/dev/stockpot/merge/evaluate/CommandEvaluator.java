package dev.stockpot.merge.evaluate;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A command of this machine. It gets a folder of its own to write into, which is empty when it
 * starts, so that no result of an earlier one is taken for its own: some evaluators end well though
 * they could not save what they found.
 *
 * @param command its words; {@code {model}}, {@code {output}}, {@code {candidate}} and {@code
 *     {seed}} in them are replaced. The same is in its environment: {@code STOCKPOT_MODEL}, …
 * @param results pattern of the file that holds the results, below the output folder: {@code
 *     **}{@code /results_*.json}; nothing if its last line says them
 * @param timeout after which it is killed, with all that it started
 * @param version of what it does, for scores that are kept
 */
record CommandEvaluator(
    List<String> command, Optional<String> results, Duration timeout, String version)
    implements Evaluator {
  private static final int MOST_RESULT_BYTES = 256 << 20;

  CommandEvaluator {
    command = List.copyOf(command);
    requireNonNull(results, "results is null");
    requireNonNull(version, "version is null");
    if (command.isEmpty() || timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("command %s, timeout %s".formatted(command, timeout));
    }
  }

  @Override
  public String identity() {
    return "command %s, results %s, version %s".formatted(command, results.orElse(""), version);
  }

  @Override
  public Map<String, Measure> evaluate(Candidate candidate)
      throws EvaluationException, InterruptedException {
    try {
      Path folder = Files.createTempDirectory("stockpot-evaluation-");
      try {
        return evaluate(candidate, folder);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new EvaluationException(
          "%s cannot be run: %s".formatted(command.get(0), e.getMessage()), e);
    }
  }

  private Map<String, Measure> evaluate(Candidate candidate, Path folder)
      throws IOException, EvaluationException, InterruptedException {
    Path output = Files.createDirectory(folder.resolve("output"));
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    Map<String, String> values =
        Map.of(
            "model", candidate.model(),
            "output", output.toString(),
            "candidate", candidate.id(),
            "seed", String.valueOf(candidate.seed()));
    ProcessBuilder builder = new ProcessBuilder(words(values));
    values.forEach(
        (name, value) ->
            builder.environment().put("STOCKPOT_" + name.toUpperCase(Locale.ROOT), value));
    Process process =
        builder
            .redirectInput(
                ProcessBuilder.Redirect.from(Files.createFile(folder.resolve("stdin")).toFile()))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new EvaluationException(
            "it was still at work after %s; give it more by `timeout`".formatted(words(timeout)));
      }
    } finally {
      Processes.end(process);
    }
    if (process.exitValue() != 0) {
      throw new EvaluationException(
          "it ended with code %s%s".formatted(process.exitValue(), Processes.lastWords(err, out)));
    }
    return results.isPresent() ? ofFile(output) : Results.ofLastLine(Processes.text(out));
  }

  private List<String> words(Map<String, String> values) {
    List<String> words = new ArrayList<>();
    for (String word : command) {
      String filled = word;
      for (Map.Entry<String, String> value : values.entrySet()) {
        filled = filled.replace("{" + value.getKey() + "}", value.getValue());
      }
      words.add(filled);
    }
    return words;
  }

  private static String words(Duration duration) {
    return duration.toSeconds() >= 1 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
  }

  private Map<String, Measure> ofFile(Path output) throws IOException, EvaluationException {
    String pattern = results.orElseThrow();
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    List<Path> found;
    try (Stream<Path> files = Files.walk(output)) {
      found =
          files
              .filter(Files::isRegularFile)
              .filter(file -> matcher.matches(output.relativize(file)))
              .sorted()
              .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (found.isEmpty()) {
      throw new EvaluationException(
          "it ended well, but wrote no %s into {output}; see that it does, or mend `results`"
              .formatted(pattern));
    }
    if (found.size() > 1) {
      throw new EvaluationException(
          "it wrote %s files that are %s: %s; which one counts? Mend `results`"
              .formatted(found.size(), pattern, found.stream().map(output::relativize).toList()));
    }
    if (Files.size(found.get(0)) > MOST_RESULT_BYTES) {
      throw new EvaluationException(
          "%s has %s bytes, must have %s at most"
              .formatted(
                  output.relativize(found.get(0)), Files.size(found.get(0)), MOST_RESULT_BYTES));
    }
    return Results.ofFile(found.get(0).getFileName().toString(), Files.readString(found.get(0)));
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.deleteIfExists(file);
    }
  }
}
