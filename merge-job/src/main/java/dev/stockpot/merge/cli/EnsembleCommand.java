package dev.stockpot.merge.cli;

import dev.stockpot.merge.predict.Ensemble;
import dev.stockpot.merge.predict.EnsembleRequest;
import dev.stockpot.merge.predict.EnsembleResult;
import dev.stockpot.merge.predict.Method;
import dev.stockpot.merge.predict.ResultJson;
import dev.stockpot.merge.run.MergeOptions;
import dev.stockpot.merge.run.PredictionOutcome;
import dev.stockpot.merge.run.Predictions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Combines predictions. */
@Command(
    name = "ensemble",
    description = "Makes one prediction of those of several models, from tables; measures all.",
    footer = {
      "",
      "Example:",
      "  stockpot ensemble a=preds/a.parquet b=preds/b.parquet --by stacking --fit-share 0.5"
          + " --output both",
      "  stockpot ensemble a=test/a.parquet b=test/b.parquet --apply both --output test/both",
    },
    mixinStandardHelpOptions = true)
final class EnsembleCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "TABLE",
      arity = "1..*",
      description =
          "Predictions of a model: a file or folder of Parquet, a .csv, or a .jsonl of"
              + " lm-evaluation-harness; name=TABLE to name it.")
  private List<String> tables;

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      required = true,
      description = "New folder for predictions, ensemble.json, metrics.json and a page.")
  private String output;

  @Option(
      names = "--by",
      paramLabel = "METHOD",
      description =
          "mean (of probabilities; the default), logits, geometric, majority, vote, stacking,"
              + " greedy or per-class; the last three are fitted to the labels.")
  private String by = "mean";

  @Option(
      names = "--weight",
      paramLabel = "NAME=WEIGHT",
      description = "What a model counts; may be repeated. Default: 1.")
  private Map<String, Double> weights = new LinkedHashMap<>();

  @Option(
      names = "--apply",
      paramLabel = "ENSEMBLE",
      description = "Take weights and temperature of an ensemble that was made before.")
  private String apply;

  @Option(
      names = "--fit-share",
      paramLabel = "SHARE",
      description =
          "Fit to that share of the examples, measure the others. Default: 1, fit to all.")
  private double fitShare = 1;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Picks of a greedy selection, at most. Default: 50.")
  private int rounds = 50;

  @Option(names = "--calibrate", description = "Fit a temperature to what comes out.")
  private boolean calibrate;

  @Option(
      names = "--beside",
      paramLabel = "TABLE",
      description =
          "Measure this model, too, which is no part of the ensemble: a soup; may be repeated.")
  private List<String> beside = new ArrayList<>();

  @Option(
      names = "--bootstrap",
      paramLabel = "N",
      description = "Replicates for intervals of the measures. Default: 200; 0 for none.")
  private int replicates = 200;

  @Mixin private PredictionOptions shared;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    MergeOptions options = shared.options();
    Console console = shared.console(spec);
    try (Predictions predictions = Predictions.embedded();
        MergeTalk talk = new MergeTalk(console)) {
      Optional<Ensemble> applied =
          Optional.ofNullable(apply).map(place -> predictions.read(place, options));
      EnsembleRequest request =
          new EnsembleRequest(
              shared.inputs(),
              TableOptions.tables(tables),
              TableOptions.tables(beside),
              Method.of(by),
              weights,
              applied,
              calibrate
                  ? EnsembleRequest.Calibrating.TEMPERATURE
                  : EnsembleRequest.Calibrating.NOTHING,
              new EnsembleRequest.Fitting(fitShare, rounds),
              new EnsembleRequest.Bootstrap(replicates, shared.seed()));
      PredictionOutcome<EnsembleResult> outcome =
          predictions.ensemble(request, output, options, talk);
      MeasureTable.lines(outcome).forEach(console::say);
      shared.print(ResultJson.of(outcome.result()), spec);
    }
    return 0;
  }
}
