package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.plan.ConfigTree;
import dev.stockpot.merge.predict.Ensemble;
import dev.stockpot.merge.predict.EnsembleFile;
import dev.stockpot.merge.predict.EnsembleRequest;
import dev.stockpot.merge.predict.EnsembleResult;
import dev.stockpot.merge.predict.EnsembleWork;
import dev.stockpot.merge.predict.Method;
import dev.stockpot.merge.predict.NamedTable;
import dev.stockpot.merge.predict.ResultJson;
import dev.stockpot.merge.predict.TeachRequest;
import dev.stockpot.merge.predict.TeachResult;
import dev.stockpot.merge.predict.TeachWork;
import dev.stockpot.merge.storage.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Tables of predictions, combined, calibrated and measured on a Spark that is yours or ours, which
 * needs Spark SQL. It prints nothing; what a user can mend is thrown as {@link UserException}.
 */
public final class Predictions implements AutoCloseable {
  private final Stockpot stockpot;

  private Predictions(Stockpot stockpot) {
    this.stockpot = stockpot;
  }

  /** On the Spark of a session that goes on when this is closed. */
  public static Predictions on(SparkSession session) {
    return new Predictions(Stockpot.on(session));
  }

  /** On a Spark that starts with the first call and stops when this is closed. */
  public static Predictions embedded() {
    return new Predictions(Stockpot.embedded());
  }

  /**
   * Makes one prediction of several, and measures all. A reader of the output sees all or nothing.
   *
   * @param output a folder of this machine, {@code s3a://…}, {@code hdfs://…}
   * @param listener hears of what a user should know
   * @throws UserException if something is wrong with the tables, the request or the output
   */
  public PredictionOutcome<EnsembleResult> ensemble(
      EnsembleRequest request, String output, MergeOptions options, MergeListener listener) {
    PredictionRun.Work<EnsembleResult> work =
        joined -> {
          EnsembleResult result =
              new EnsembleWork(request, joined.tables(), joined.classes(), joined.findings())
                  .over(joined);
          result.notices().forEach(listener::noticed);
          return made(request, result);
        };
    return run(output, request.all(), request.inputs(), work, options, listener);
  }

  /**
   * Makes soft labels of what teachers say. A reader of the output sees all or nothing.
   *
   * @param output a folder of this machine, {@code s3a://…}, {@code hdfs://…}
   * @throws UserException if something is wrong with the tables, the request or the output
   */
  public PredictionOutcome<TeachResult> teach(
      TeachRequest request, String output, MergeOptions options, MergeListener listener) {
    PredictionRun.Work<TeachResult> work =
        joined -> {
          TeachResult result =
              new TeachWork(request, joined.tables(), joined.findings()).over(joined);
          result.notices().forEach(listener::noticed);
          return made(request, result);
        };
    return run(output, request.tables(), request.inputs(), work, options, listener);
  }

  private <T> PredictionOutcome<T> run(
      String output,
      List<NamedTable> tables,
      EnsembleRequest.Inputs inputs,
      PredictionRun.Work<T> work,
      MergeOptions options,
      MergeListener listener) {
    Door door = stockpot.door();
    return door.through(
        options,
        (places, settings) ->
            new PredictionRun(places, settings, door.engines(), options, listener)
                .run(output, tables, inputs, work));
  }

  /**
   * Finds the tensors of a model that a temperature can be folded into.
   *
   * @param head their names, if they are known
   * @throws UserException if there are none, or nobody can tell
   */
  public HeadFold headOf(String model, List<String> head, MergeOptions options) {
    return stockpot
        .door()
        .look(
            options,
            (places, any) -> {
              Model opened = Model.of(places.checkpoint(model));
              boolean isTied = ConfigTree.structure(opened).sharesHead();
              return HeadFold.of(model, opened, isTied, head);
            });
  }

  /**
   * Divides a model's logits by a temperature, for good: an ordinary merge, with a manifest.
   *
   * @throws UserException if it fails in a way that a user can mend
   */
  public MergeOutcome fold(
      HeadFold head,
      double temperature,
      String output,
      MergeOptions options,
      MergeListener listener) {
    return stockpot.merge(head.recipe(temperature), output, options, listener);
  }

  /**
   * Reads how an ensemble was made.
   *
   * @param place the file, or the folder of predictions that has it
   * @throws UserException if there is none, or it cannot be read
   */
  public Ensemble read(String place, MergeOptions options) {
    return stockpot
        .door()
        .look(
            options,
            (places, any) -> {
              Location typed = Location.typed(place);
              boolean isFile = typed.name().endsWith(".json");
              Location file = isFile ? typed : typed.child(EnsembleFile.NAME);
              return EnsembleFile.read(
                  file.path(), SmallText.read(places.store(), file, "an ensemble"));
            });
  }

  private static PredictionRun.Made<EnsembleResult> made(
      EnsembleRequest request, EnsembleResult result) {
    JsonObject measured = ResultJson.of(result);
    JsonObject about =
        about("ensemble", result.ensemble().method(), result.examples(), request.all());
    return new PredictionRun.Made<>(
        result,
        result.rows(),
        Map.of(EnsembleFile.NAME, EnsembleFile.of(result.ensemble()), ResultJson.NAME, measured),
        measured.with("title", "Ensemble").with("about", about),
        about);
  }

  private static PredictionRun.Made<TeachResult> made(TeachRequest request, TeachResult result) {
    JsonObject measured = ResultJson.of(result);
    JsonObject about = about("teach", request.method(), result.examples(), request.tables());
    return new PredictionRun.Made<>(
        result,
        result.rows(),
        Map.of(ResultJson.NAME, measured),
        measured.with("title", "Soft labels").with("about", about),
        about);
  }

  private static JsonObject about(
      String command, Method method, long examples, List<NamedTable> tables) {
    List<JsonObject> read = new ArrayList<>();
    for (NamedTable table : tables) {
      read.add(JsonObject.EMPTY.with("name", table.name()).with("path", table.path()));
    }
    return JsonObject.EMPTY
        .with("command", command)
        .with("by", method.word())
        .with("examples", examples)
        .with("tables", read);
  }

  /** Stops what was started here. */
  @Override
  public void close() {
    stockpot.close();
  }
}
