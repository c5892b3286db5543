package dev.stockpot.merge.evaluate;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.Scratch;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A command that is run for a candidate, wherever it is sent. It gets a folder of its own to write
 * into, which is empty when it starts, so that no result of an earlier one is taken for its own:
 * some evaluators end well though they could not save what they found.
 *
 * @param command its words; {@code {model}}, {@code {output}}, {@code {candidate}}, {@code {seed}}
 *     and {@code {budget}} in them are replaced. The same is in its environment: {@code
 *     STOCKPOT_MODEL}, …
 * @param results pattern of the file that holds the results, below the output folder; empty if its
 *     last line says them
 * @param timeoutMillis after which it is killed, with all that it started
 */
public record CommandErrand(
    List<String> command, String results, long timeoutMillis, Candidate candidate)
    implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int MOST_RESULT_BYTES = 256 << 20;

  public CommandErrand {
    command = List.copyOf(command);
    requireNonNull(results, "results is null");
    requireNonNull(candidate, "candidate is null");
  }

  /** Runs it on this machine. */
  public CommandOutput run() throws InterruptedException {
    try {
      Path parent = Scratch.folder().orElseGet(Scratch::temporary);
      Path folder = Files.createTempDirectory(parent, "evaluation-");
      try {
        return run(folder);
      } finally {
        delete(folder);
      }
    } catch (EvaluationException e) {
      return CommandOutput.failed(e.getMessage());
    } catch (IOException e) {
      return CommandOutput.failed("%s cannot be run: %s".formatted(command.get(0), e.getMessage()));
    }
  }

  private CommandOutput run(Path folder)
      throws IOException, EvaluationException, InterruptedException {
    Path output = Files.createDirectory(folder.resolve("output"));
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    Map<String, String> values = new HashMap<>();
    values.put("model", candidate.model());
    values.put("output", output.toString());
    values.put("candidate", candidate.id());
    values.put("seed", String.valueOf(candidate.seed()));
    if (candidate.budget() > 0) {
      values.put("budget", String.valueOf(candidate.budget()));
    }
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
      if (!process.waitFor(timeoutMillis, TimeUnit.MILLISECONDS)) {
        throw new EvaluationException(
            "it was still at work after %s; give it more by `timeout`".formatted(patience()));
      }
    } finally {
      Processes.end(process);
    }
    if (process.exitValue() != 0) {
      throw new EvaluationException(
          "it ended with code %s%s".formatted(process.exitValue(), Processes.lastWords(err, out)));
    }
    return results.isEmpty() ? new CommandOutput("", Processes.text(out), "") : ofFile(output);
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

  private String patience() {
    return timeoutMillis >= 1000 ? timeoutMillis / 1000 + " s" : timeoutMillis + " ms";
  }

  private CommandOutput ofFile(Path output) throws IOException, EvaluationException {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + results);
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
              .formatted(results));
    }
    if (found.size() > 1) {
      throw new EvaluationException(
          "it wrote %s files that are %s: %s; which one counts? Mend `results`"
              .formatted(found.size(), results, found.stream().map(output::relativize).toList()));
    }
    if (Files.size(found.get(0)) > MOST_RESULT_BYTES) {
      throw new EvaluationException(
          "%s has %s bytes, must have %s at most"
              .formatted(
                  output.relativize(found.get(0)), Files.size(found.get(0)), MOST_RESULT_BYTES));
    }
    return new CommandOutput(
        found.get(0).getFileName().toString(), Files.readString(found.get(0)), "");
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
