package dev.stockpot.merge.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.OutputGuard;
import dev.stockpot.merge.commit.PredictionFolder;
import dev.stockpot.merge.engine.MergeEngine;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.part.CopyTask;
import dev.stockpot.merge.predict.EnsembleRequest;
import dev.stockpot.merge.predict.NamedTable;
import dev.stockpot.merge.predict.OutputRows;
import dev.stockpot.merge.report.PredictionPage;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.spark.frames.Joined;
import dev.stockpot.merge.spark.frames.PredictionFrames;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One folder of predictions, from tables of them: claim, join, work, write, publish. */
final class PredictionRun {
  private static final String TABLES = "predictions";

  private final ObjectStore store;
  private final Settings settings;
  private final EngineSource engines;
  private final MergeOptions options;
  private final MergeListener listener;
  private final long start = System.nanoTime();

  PredictionRun(
      Places places,
      Settings settings,
      EngineSource engines,
      MergeOptions options,
      MergeListener listener) {
    this.store = places.store();
    this.settings = settings;
    this.engines = engines;
    this.options = options;
    this.listener = listener;
  }

  /** Finds something out of what is joined. */
  interface Work<T> {
    Made<T> of(Joined joined);
  }

  /**
   * What was found, and what is written of it.
   *
   * @param small files by name
   * @param page what it shows
   * @param about for the manifest
   */
  record Made<T>(
      T result,
      OutputRows rows,
      Map<String, JsonObject> small,
      JsonObject page,
      JsonObject about) {}

  /** The table as Spark is to read it, after a look whether it is there. */
  private NamedTable located(NamedTable table) throws IOException {
    Location location = Location.typed(table.path());
    boolean isPattern = location.path().matches(".*[*?\\[{].*");
    if (!isPattern && store.find(location).isEmpty()) {
      try {
        store.list(location);
      } catch (NoSuchFileException e) {
        throw new UserException(
            "%s: there is no file and no folder of that name. Name a table of predictions: Parquet, .csv, or .jsonl of lm-evaluation-harness"
                .formatted(table),
            e);
      }
    }
    return new NamedTable(table.name(), ScratchTable.sparkPath(location));
  }

  /**
   * Makes the folder.
   *
   * @param tables with scores, as they were named
   */
  <T> PredictionOutcome<T> run(
      String output, List<NamedTable> tables, EnsembleRequest.Inputs inputs, Work<T> work)
      throws IOException {
    List<NamedTable> read = new ArrayList<>(tables);
    inputs.labels().ifPresent(read::add);
    List<NamedTable> located = new ArrayList<>();
    for (NamedTable table : read) {
      located.add(located(table));
    }
    List<NamedTable> scored = located.subList(0, tables.size());
    Optional<NamedTable> labels = located.stream().skip(tables.size()).findFirst();
    Location folder = Location.typed(output);
    OutputGuard guard = new OutputGuard(folder);
    for (NamedTable table : read) {
      guard.folder("the table " + table, Location.typed(table.path()));
    }
    InputsOfMerge.settings(guard, options.settingsFile());
    guard.check();
    Replaceable replaceable = options.overwrite().in(store, folder, listener::noticed);
    MergeEngine engine = engines.start(settings).join().get();
    ScratchTable scratch = new ScratchTable(store, folder);
    try (PredictionFolder pending = PredictionFolder.claim(store, folder, replaceable)) {
      scratch.remove();
      try (Joined joined =
          PredictionFrames.open().join(scored, labels, inputs.columns(), inputs.masks())) {
        Made<T> made = work.of(joined);
        joined.write(made.rows(), scratch.path());
        publish(pending, scratch.files(TABLES), engine, made);
        return new PredictionOutcome<>(
            folder.path(),
            folder.path() + "/report/report.html",
            made.result(),
            (System.nanoTime() - start) / 1e9);
      }
    } finally {
      scratch.remove();
    }
  }

  private void publish(
      PredictionFolder pending, Map<String, StoredObject> files, MergeEngine engine, Made<?> made)
      throws IOException {
    List<CopyTask> copies = pending.begin(files, settings.partSize());
    engine
        .begin(MergeRun.environment(store, settings), /* wantsGpu= */ false)
        .copyAll(copies, pending::accept);
    Map<String, ByteBuffer> small = new LinkedHashMap<>();
    made.small()
        .forEach(
            (name, tree) ->
                small.put(name, UTF_8.encode(JsonWriter.text(JsonStyle.SPACIOUS, tree) + "\n")));
    small.putAll(PredictionPage.of(made.page()));
    pending.publish(made.about(), Map.of("stockpot", BuildVersion.stockpot()), small);
  }
}
