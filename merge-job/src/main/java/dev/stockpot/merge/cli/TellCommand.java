package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.run.MergeRecipe;
import dev.stockpot.merge.run.Stockpot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells scores of candidates. */
@Command(
    name = "tell",
    description =
        "Writes down scores of candidates that `stockpot ask` named; all of them or none.",
    footer = {
      "",
      "Example: stockpot tell soup.yml s3a://models/soup 3f2a9c0b11d04e55=0.81 77ab01c2d3e4f506=results.json"
    },
    mixinStandardHelpOptions = true)
final class TellCommand implements Callable<Integer> {
  private static final String CANDIDATE = "candidate";

  @Parameters(index = "0", paramLabel = "RECIPE", description = "Recipe with `soup` or `search`.")
  private String recipe;

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      description = "Folder of the checkpoint that will be merged.")
  private String output;

  @Parameters(
      index = "2..*",
      paramLabel = "CANDIDATE=RESULT",
      arity = "0..*",
      description =
          "A candidate and what it was found to be: a number, JSON, or a file of results as evaluators write them.")
  private List<String> results = List.of();

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description =
          "Lines of JSON, each with `candidate` and its results, or with `failure`; - for standard input.")
  private Path from;

  @Mixin private SettingsOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Map<String, String> told = new LinkedHashMap<>();
    if (from != null) {
      readLines(told);
    }
    for (String result : results) {
      int equals = result.indexOf('=');
      if (equals < 1) {
        throw wrong("%s is no CANDIDATE=RESULT".formatted(result));
      }
      put(told, result.substring(0, equals), text(result.substring(equals + 1)));
    }
    if (told.isEmpty()) {
      throw wrong("What is told? Name CANDIDATE=RESULT, or --from FILE");
    }
    try (Stockpot stockpot = Stockpot.embedded()) {
      stockpot.tell(MergeRecipe.at(recipe), output, told, options.options());
    }
    spec.commandLine()
        .getOut()
        .println("Wrote down the results of %s.".formatted(Sizes.count(told.size(), CANDIDATE)));
    return 0;
  }

  private static String text(String result) throws IOException {
    if (result.strip().startsWith("{") || !Files.isRegularFile(Path.of(result))) {
      return result;
    }
    return Files.readString(Path.of(result));
  }

  private void readLines(Map<String, String> told) throws IOException {
    String text =
        from.toString().equals("-")
            ? new String(System.in.readAllBytes(), UTF_8)
            : Files.readString(from);
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        JsonObject row = row(lines.get(i), i + 1);
        put(told, row.text(CANDIDATE), JsonWriter.text(JsonStyle.COMPACT, row.without(CANDIDATE)));
      }
    }
  }

  private JsonObject row(String line, int number) {
    try {
      JsonObject row = Json.parse(line.getBytes(UTF_8)).object().orElse(JsonObject.EMPTY);
      if (!row.text(CANDIDATE).isEmpty()) {
        return row;
      }
    } catch (JsonException e) {
      throw wrong("%s:%s: the line is not JSON: %s".formatted(from, number, e.getMessage()));
    }
    throw wrong("%s:%s: the line names no `candidate`".formatted(from, number));
  }

  private void put(Map<String, String> told, String candidate, String result) {
    if (told.put(candidate, result) != null) {
      throw wrong("%s is told twice; keep one".formatted(candidate));
    }
  }

  private ParameterException wrong(String why) {
    return new ParameterException(spec.commandLine(), why);
  }
}
