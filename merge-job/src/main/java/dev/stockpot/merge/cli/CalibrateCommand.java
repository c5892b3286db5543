package dev.stockpot.merge.cli;

import dev.stockpot.merge.predict.Calibration;
import dev.stockpot.merge.predict.EnsembleRequest;
import dev.stockpot.merge.predict.EnsembleRequest.Calibrating;
import dev.stockpot.merge.predict.EnsembleResult;
import dev.stockpot.merge.predict.Method;
import dev.stockpot.merge.predict.ResultJson;
import dev.stockpot.merge.run.HeadFold;
import dev.stockpot.merge.run.MergeOptions;
import dev.stockpot.merge.run.PredictionOutcome;
import dev.stockpot.merge.run.Predictions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Calibrates predictions, and the model that made them. */
@Command(
    name = "calibrate",
    description =
        "Finds the temperature at which a model is as sure as it is right; folds it into its head.",
    footer = {
      "",
      "Example:",
      "  stockpot calibrate valid/logits.parquet --output calibrated --model models/a --folded"
          + " models/a-calibrated",
    },
    mixinStandardHelpOptions = true)
final class CalibrateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "TABLE", description = "Logits of a model, with labels.")
  private String table;

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      required = true,
      description =
          "New folder for calibrated predictions, ensemble.json, metrics.json and a page.")
  private String output;

  @Option(
      names = "--by",
      paramLabel = "HOW",
      description =
          "temperature (the default), or vector: a scale and a bias for each class, which may"
              + " change decisions.")
  private String by = "temperature";

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "The model whose logits these are; --folded says where the new one goes.")
  private String model;

  @Option(
      names = "--folded",
      paramLabel = "FOLDER",
      description = "New folder for the model with its head divided by the temperature.")
  private String folded;

  @Option(
      names = "--head",
      paramLabel = "TENSOR",
      description = "Weight or bias of the head, where it is not found; may be repeated.")
  private List<String> head = new ArrayList<>();

  @Option(
      names = "--fit-share",
      paramLabel = "SHARE",
      description =
          "Fit to that share of the examples, measure the others. Default: 1, fit to all.")
  private double fitShare = 1;

  @Option(
      names = "--bootstrap",
      paramLabel = "N",
      description = "Replicates for intervals of the measures. Default: 200; 0 for none.")
  private int replicates = 200;

  @Mixin private PredictionOptions shared;
  @Mixin private DTypeOption type;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    boolean isVector = by.equals("vector");
    if (!isVector && !by.equals("temperature")) {
      throw wrong("--by is %s, must be temperature or vector".formatted(by));
    }
    if ((model == null) != (folded == null)) {
      throw wrong("--model and --folded go together; one is %s".formatted(model + folded));
    }
    if (isVector && model != null) {
      throw wrong(
          "A scale for each class is not folded into %s: say --by temperature".formatted(model));
    }
    MergeOptions options = shared.options();
    Console console = shared.console(spec);
    try (Predictions predictions = Predictions.embedded();
        MergeTalk talk = new MergeTalk(console)) {
      Optional<HeadFold> fold =
          Optional.ofNullable(model).map(named -> predictions.headOf(named, head, options));
      PredictionOutcome<EnsembleResult> outcome =
          predictions.ensemble(
              request(isVector ? Calibrating.VECTOR : Calibrating.TEMPERATURE),
              output,
              options,
              talk);
      MeasureTable.lines(outcome).forEach(console::say);
      shared.print(ResultJson.of(outcome.result()), spec);
      Calibration found = outcome.result().ensemble().calibration().orElseThrow();
      if (found.isTemperature()) {
        console.say(String.format(Locale.ROOT, "The temperature is %.4f.", found.temperature()));
      }
      fold.ifPresent(
          tensors ->
              talk.end(
                  predictions.fold(tensors, found.temperature(), folded, type.in(options), talk)));
    }
    return 0;
  }

  private EnsembleRequest request(Calibrating calibrating) {
    return new EnsembleRequest(
        shared.inputs(),
        TableOptions.tables(List.of(table)),
        List.of(),
        Method.GEOMETRIC,
        Map.of(),
        Optional.empty(),
        calibrating,
        new EnsembleRequest.Fitting(fitShare, 1),
        new EnsembleRequest.Bootstrap(replicates, shared.seed()));
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
