package dev.stockpot.merge.cli;

import dev.stockpot.merge.predict.Method;
import dev.stockpot.merge.predict.ResultJson;
import dev.stockpot.merge.predict.TeachRequest;
import dev.stockpot.merge.predict.TeachResult;
import dev.stockpot.merge.run.MergeOptions;
import dev.stockpot.merge.run.PredictionOutcome;
import dev.stockpot.merge.run.Predictions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes soft labels. */
@Command(
    name = "teach",
    description = "Makes soft labels of what teachers say, for a trainer; trains nothing.",
    footer = {
      "",
      "Example:",
      "  stockpot teach a=train/a.parquet b=train/b.parquet --temperature 2 --top-k 32 --output"
          + " train/soft",
    },
    mixinStandardHelpOptions = true)
final class TeachCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "TABLE",
      arity = "1..*",
      description = "Predictions of a teacher; name=TABLE to name it.")
  private List<String> tables;

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      required = true,
      description = "New folder for the labels, metrics.json and a page.")
  private String output;

  @Option(
      names = "--by",
      paramLabel = "METHOD",
      description = "mean (of probabilities; the default), logits, geometric, majority or vote.")
  private String by = "mean";

  @Option(
      names = "--weight",
      paramLabel = "NAME=WEIGHT",
      description = "What a teacher counts; may be repeated. Default: 1.")
  private Map<String, Double> weights = new LinkedHashMap<>();

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "What logits of each teacher are divided by. Default: 1.")
  private double temperature = 1;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description =
          "Write the classes that have most, and what all others have together. Default: all.")
  private Integer most;

  @Mixin private PredictionOptions shared;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (most != null && most < 1) {
      throw new ParameterException(
          spec.commandLine(), "--top-k is %s, must be 1 or more".formatted(most));
    }
    TeachRequest request =
        new TeachRequest(
            shared.inputs(),
            TableOptions.tables(tables),
            Method.of(by),
            weights,
            temperature,
            most == null ? 0 : most);
    MergeOptions options = shared.options();
    Console console = shared.console(spec);
    try (Predictions predictions = Predictions.embedded();
        MergeTalk talk = new MergeTalk(console)) {
      PredictionOutcome<TeachResult> outcome = predictions.teach(request, output, options, talk);
      tell(outcome, console);
      shared.print(ResultJson.of(outcome.result()), spec);
    }
    return 0;
  }

  private void tell(PredictionOutcome<TeachResult> outcome, Console console) {
    TeachResult result = outcome.result();
    for (TeachResult.Teacher teacher : result.teachers()) {
      console.say(
          String.format(
              Locale.ROOT,
              "%s: entropy %.4f; decides as the labels on %.2f %%; divergence from them %.4f",
              teacher.name(),
              teacher.entropy(),
              100 * teacher.agreement(),
              teacher.distance()));
    }
    console.say(
        String.format(
            Locale.ROOT,
            "All teachers agree on %.2f %% of the examples; the labels' entropy is %.4f of at most %.4f; %.2f %% of the probability is written.",
            100 * result.alike(),
            result.entropy(),
            Math.log(result.classes()),
            100 * result.kept()));
    console.say(
        String.format(
            Locale.ROOT,
            "Labelled %s by %s into %s in %.1f s.",
            Sizes.count(result.examples(), "example"),
            Sizes.count(result.teachers().size(), "teacher"),
            outcome.folder(),
            outcome.seconds()));
    console.say("Report   " + outcome.page());
  }
}
