package dev.stockpot.merge.cli;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.run.MergeOptions;
import dev.stockpot.merge.run.MergeRecipe;
import dev.stockpot.merge.run.ScoredPath;
import dev.stockpot.merge.run.Stockpot;
import java.io.PrintWriter;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Scores the points of a path between models. */
@Command(
    name = "path",
    description =
        "Scores points of a line, a bezier or a polygon between models, and tells the barrier"
            + " between them.",
    footer = {
      "",
      "Example: stockpot path models/a models/b --output a-to-b --points 25 --direction min"
          + " --command \"python loss.py {model}\"",
      "The barrier is max over t of (1 - t) w(0) + t w(1) - w(t), w the score, turned so that more"
          + " is better.",
    },
    mixinStandardHelpOptions = true)
final class PathCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "A",
      description =
          "Model at which the path begins; or, alone, a recipe with `path` and `evaluate`.")
  private String from;

  @Parameters(
      index = "1",
      paramLabel = "B",
      arity = "0..1",
      description = "Model at which it ends.")
  private String to;

  @Parameters(
      index = "2",
      paramLabel = "C",
      arity = "0..1",
      description = "Model in the middle, which bends a bezier; a polygon passes it.")
  private String middle;

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      required = true,
      description = "New folder for the report, with a picture and the recipe of each point.")
  private String output;

  @Mixin private PathOptions path;

  @Option(names = "--resume", description = "Go on with what was scored before.")
  private boolean resume;

  @Option(names = "--json", description = "Print a line of JSON for each point, then the barrier.")
  private boolean json;

  @Mixin private OverwriteOptions overwrite;
  @Mixin private SettingsOptions options;
  @Mixin private DTypeOption type;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    MergeRecipe recipe =
        to == null
            ? path.ofRecipe(from, spec.commandLine())
            : path.between(from, middle, to, spec.commandLine());
    MergeOptions said = type.in(options.options()).replacing(overwrite.word());
    said = resume ? said.resuming() : said;
    Console console = new Console(spec.commandLine(), json);
    try (Stockpot stockpot = Stockpot.embedded();
        MergeTalk talk = new MergeTalk(console, "Making")) {
      ScoredPath found = stockpot.path(recipe, output, said, talk);
      talk.endBar();
      print(found, spec.commandLine().getOut());
    }
    return 0;
  }

  private void print(ScoredPath found, PrintWriter out) {
    if (json) {
      found.points().forEach(point -> out.println(line(point(point))));
      out.println(line(barrier(found)));
      return;
    }
    if (found.isAlreadyThere()) {
      out.println("%s tells of this path already: nothing was asked.".formatted(output));
    }
    PathTable.lines(found.points()).forEach(out::println);
    out.println();
    out.println(found.sentence());
    out.println("Report   %s".formatted(found.page()));
  }

  private static String line(JsonObject object) {
    return JsonWriter.text(JsonStyle.COMPACT, object);
  }

  private static JsonObject point(ScoredPath.Point point) {
    JsonObject row = JsonObject.EMPTY.with("t", JsonValue.of(point.t())).with("what", point.what());
    row = with(row, "worth", point.worth());
    row = with(row, "stderr", point.error());
    return point.failure().isEmpty()
        ? row.with("measures", JsonObject.of(point.measures()))
        : row.with("failure", point.failure());
  }

  private static JsonObject barrier(ScoredPath found) {
    JsonObject row = JsonObject.EMPTY.with("report", found.page());
    if (found.barrier().isPresent()) {
      row =
          row.with("barrier", JsonValue.of(found.barrier().get().height()))
              .with("at", JsonValue.of(found.barrier().get().t()))
              .with("gain", JsonValue.of(found.barrier().get().gain()));
    }
    return row;
  }

  private static JsonObject with(JsonObject row, String field, OptionalDouble value) {
    return value.isPresent() ? row.with(field, JsonValue.of(value.getAsDouble())) : row;
  }
}
