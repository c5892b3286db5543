package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.predict.Ensemble;
import dev.stockpot.merge.predict.EnsembleFile;
import dev.stockpot.merge.predict.EnsembleRequest;
import dev.stockpot.merge.predict.EnsembleResult;
import dev.stockpot.merge.predict.EnsembleWork;
import dev.stockpot.merge.predict.NamedTable;
import dev.stockpot.merge.predict.ResultJson;
import dev.stockpot.merge.spark.SparkEngine;
import dev.stockpot.merge.storage.Location;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Tables of predictions, combined, calibrated and measured on a Spark that is yours or ours, which
 * needs Spark SQL. It prints nothing; what a user can mend is thrown as {@link UserException}.
 */
public final class Predictions implements AutoCloseable {
  private final EngineSource engines;
  private final Door door;

  private Predictions(EngineSource engines) {
    this.engines = engines;
    this.door = new Door(engines, Door.stores(engines));
  }

  /** On the Spark of a session that goes on when this is closed. */
  public static Predictions on(SparkSession session) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    return new Predictions(
        new GivenEngine(
            SparkEngine.on(spark), SparkEngine.isHere(spark), SparkEngine.configuration(spark)));
  }

  /** On a Spark that starts with the first call and stops when this is closed. */
  public static Predictions embedded() {
    return new Predictions(
        new OwnEngine(
            () -> !SparkEngine.isSubmitted(), settings -> SparkEngine.start(settings.tasks())));
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
    return door.through(
        options,
        (places, settings) -> {
          PredictionRun run = new PredictionRun(places, settings, engines, options, listener);
          List<NamedTable> read = new ArrayList<>(request.all());
          request.inputs().labels().ifPresent(read::add);
          List<NamedTable> located = located(run, request.all());
          Optional<NamedTable> labels =
              located(run, request.inputs().labels().stream().toList()).stream().findFirst();
          return run.run(
              output,
              read,
              frames ->
                  frames.join(
                      located, labels, request.inputs().columns(), request.inputs().masks()),
              joined -> {
                EnsembleResult result =
                    new EnsembleWork(request, joined.tables(), joined.classes(), joined.findings())
                        .over(joined);
                result.notices().forEach(listener::noticed);
                return made(request, result);
              });
        });
  }

  /**
   * Reads how an ensemble was made.
   *
   * @param place the file, or the folder of predictions that has it
   * @throws UserException if there is none, or it cannot be read
   */
  public Ensemble read(String place, MergeOptions options) {
    return door.look(
        options,
        (places, any) -> {
          Location typed = Location.typed(place);
          boolean isFile = typed.name().endsWith(".json");
          Location file = isFile ? typed : typed.child(EnsembleFile.NAME);
          return EnsembleFile.read(
              file.path(), SmallText.read(places.store(), file, "an ensemble"));
        });
  }

  private static List<NamedTable> located(PredictionRun run, List<NamedTable> tables)
      throws IOException {
    List<NamedTable> located = new ArrayList<>();
    for (NamedTable table : tables) {
      located.add(run.located(table));
    }
    return located;
  }

  private static PredictionRun.Made<EnsembleResult> made(
      EnsembleRequest request, EnsembleResult result) {
    JsonObject measured = ResultJson.of(result);
    JsonObject about =
        JsonObject.EMPTY
            .with("command", "ensemble")
            .with("by", result.ensemble().method().word())
            .with("examples", result.examples())
            .with(
                "tables",
                request.all().stream()
                    .map(
                        table ->
                            JsonObject.EMPTY
                                .with("name", table.name())
                                .with("path", JsonValue.of(table.path())))
                    .toList());
    return new PredictionRun.Made<>(
        result,
        result.rows(),
        Map.of(
            EnsembleFile.NAME,
            EnsembleFile.of(result.ensemble()),
            ResultJson.NAME,
            measured),
        measured.with("title", "Ensemble").with("about", about),
        about);
  }

  /** Stops what was started here. */
  @Override
  public void close() {
    engines.close();
  }
}
