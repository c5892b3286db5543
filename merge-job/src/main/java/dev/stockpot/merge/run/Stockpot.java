package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.spark.SparkEngine;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Merges, as often as wanted, also several at the same time from several threads, on a Spark that
 * is yours or ours. The {@linkplain dev.stockpot.merge.run package} shows a whole one.
 *
 * <p>It prints nothing and ends no JVM. What a user can mend is thrown as {@link UserException},
 * whose {@link UserException#kind kind} says what it is about. Of a Spark that is yours it takes
 * {@code spark.stockpot.…} as settings and {@code spark.hadoop.…} as Hadoop's configuration, asks
 * for nothing to be configured, and leaves it as it was.
 */
public final class Stockpot implements AutoCloseable {
  final EngineSource engines;
  final Door door;

  Stockpot(EngineSource engines, ObjectStore store) {
    this.engines = engines;
    this.door = new Door(engines, store);
  }

  private Stockpot(EngineSource engines) {
    this(engines, Door.stores(engines));
  }

  Door door() {
    return door;
  }

  /** Which Stockpot this is, as its jar tells; {@code development} outside of it. */
  public static String version() {
    return BuildVersion.stockpot();
  }

  /** Which commit its jar was made from, with a plus where files were changed; if that is known. */
  public static Optional<String> commit() {
    return BuildVersion.commit();
  }

  /** On a Spark that runs, and goes on when this is closed. */
  public static Stockpot on(JavaSparkContext spark) {
    return new Stockpot(
        new GivenEngine(
            SparkEngine.on(spark), SparkEngine.isHere(spark), SparkEngine.configuration(spark)));
  }

  /** On the Spark of a session that goes on when this is closed. */
  public static Stockpot on(SparkSession session) {
    return on(JavaSparkContext.fromSparkContext(session.sparkContext()));
  }

  /**
   * On a Spark that starts with the first merge and stops when this is closed: inside this JVM, or
   * on a cluster where {@code spark-submit} started the JVM. If one runs in this JVM by then, it is
   * joined, and goes on.
   */
  public static Stockpot embedded() {
    return new Stockpot(
        new OwnEngine(
            () -> !SparkEngine.isSubmitted(), settings -> SparkEngine.start(settings.tasks())));
  }

  /**
   * Merges into a new folder.
   *
   * @param output a folder of this machine, {@code s3a://…}, {@code hdfs://…}
   */
  public MergeOutcome merge(MergeRecipe recipe, String output) {
    return merge(recipe, output, MergeOptions.DEFAULT, MergeListener.SILENT);
  }

  /** Merges without anybody to hear of it before its end. */
  public MergeOutcome merge(MergeRecipe recipe, String output, MergeOptions options) {
    return merge(recipe, output, options, MergeListener.SILENT);
  }

  /**
   * Merges. A reader of the output sees the whole checkpoint or none.
   *
   * @param output a folder of this machine, {@code s3a://…}, {@code hdfs://…}
   * @throws MergeStoppedException if it failed and something is left of it, which can be resumed
   * @throws UserException if it failed in another way that a user can mend
   */
  public MergeOutcome merge(
      MergeRecipe recipe, String output, MergeOptions options, MergeListener listener) {
    return mergeAll(List.of(new Merge(recipe, output, listener)), options).get(0);
  }

  /** Merges in one reading, each into a new folder. */
  public List<MergeOutcome> mergeAll(List<Merge> merges) {
    return mergeAll(merges, MergeOptions.DEFAULT);
  }

  /**
   * Makes several merges of the same inputs, which differ in weights and parameters alone, in one
   * reading of these. Each makes the bytes that it would make by itself, and its output is whole or
   * not there. What is wrong with any of them before that is thrown, and none is made. If a task
   * fails, all stop; if only the publishing of one does, the others are published.
   *
   * @param options of all of them
   * @return what became of each, in their order; {@link MergeOutcome#totals} are of all together
   * @throws UserException if they do not make the same tensors of the same inputs
   * @throws MergesStoppedException if they failed and some are published, or something is left of
   *     them, which can be resumed; for a single one it is a {@link MergeStoppedException}
   * @throws UserException if they failed in another way that a user can mend
   */
  public List<MergeOutcome> mergeAll(List<Merge> merges, MergeOptions options) {
    if (merges.isEmpty()) {
      return List.of();
    }
    return making(options, merge -> merge.all(List.copyOf(merges)));
  }

  private <T> T making(MergeOptions options, AnyMerge.Use<T> use) {
    return door.through(
        options,
        (places, settings) ->
            use.of(new AnyMerge(places, settings, engines, options, options.parsedDtype())));
  }

  /** Scores points of a path between models, and writes a report with its barrier. */
  public ScoredPath path(
      MergeRecipe recipe, String output, MergeOptions options, MergeListener listener) {
    return making(options, merge -> merge.path(new Merge(recipe, output, listener)));
  }

  /**
   * Makes the candidates of a soup or search that are to be scored elsewhere next: by a scheduler,
   * a cluster, a person. Candidates whose scores were told are removed.
   *
   * @param output of the merge that will follow; candidates lie beside it
   * @param most how many; nothing for as many as the recipe's {@code parallel}, or a generation.
   *     The first is certain to be wanted, the rest if nothing changes
   * @return none if all is scored, and {@link #merge} can choose
   */
  public List<Asked> ask(
      MergeRecipe recipe,
      String output,
      OptionalInt most,
      MergeOptions options,
      MergeListener listener) {
    return making(options, merge -> merge.ask(new Merge(recipe, output, listener), most));
  }

  /**
   * Writes down what somebody found candidates to be, all or none.
   *
   * @param results by candidate: a number, JSON of results, or {@code {"failure": "why"}}
   */
  public void tell(
      MergeRecipe recipe, String output, Map<String, String> results, MergeOptions options) {
    door.look(
        options,
        (places, settings) -> {
          new AnyMerge(places, settings, engines, options, options.parsedDtype())
              .tell(Merge.of(recipe, output), results);
          return null;
        });
  }

  /** Checks a recipe and says what a merge would do; runs nothing, and needs no Spark. */
  public PlannedMerge plan(MergeRecipe recipe, MergeOptions options) {
    return door.look(
        options,
        (places, settings) -> {
          WrittenRecipe written =
              RecipeFaults.orAll(
                  () -> recipe.read(places.store(), settings.unknownKeys()), places, settings);
          Planned planned = Planned.of(written.recipe(), places, settings, options.parsedDtype());
          PlannedMerge plan = PlannedMerge.of(planned, settings, 1);
          int room = settings.trials().candidates();
          written.trials().ifPresent(it -> it.requireFits(TrialMerge.ingredients(planned)));
          return written.trials().map(trials -> plan.ofTrials(trials, room)).orElse(plan);
        });
  }

  /**
   * Copies a model, by ranges, a task for each large file. A reader of the output sees all files or
   * none.
   *
   * @param model a folder, {@code s3a://…}, or a model of the hub: {@code org/name@revision}
   * @param output a folder of this machine, {@code s3a://…}, {@code hdfs://…}
   * @throws MergeStoppedException if it failed and something is left of it, which can be resumed
   * @throws UserException if it failed in another way that a user can mend
   */
  public FetchOutcome fetch(
      String model, String output, MergeOptions options, MergeListener listener) {
    return door.through(
        options,
        (places, settings) ->
            new FetchRun(places, settings, engines, options, listener)
                .run(model, Location.typed(output)));
  }

  /** Compares as below, and tells nobody before the end. */
  public Difference diff(String base, String model) {
    return diff(base, model, Optional.empty(), MergeOptions.DEFAULT, MergeListener.SILENT);
  }

  /**
   * Compares a checkpoint with its base, all elements of all tensors.
   *
   * @param base folder of the checkpoint to compare with
   * @param model folder of the one that is compared
   * @param output folder that {@link Difference#publish} will write, checked now
   * @param listener hears what is not compared
   */
  public Difference diff(
      String base,
      String model,
      Optional<String> output,
      MergeOptions options,
      MergeListener listener) {
    return door.look(
        options,
        (places, settings) ->
            new DifferenceRun(places, settings, engines, listener)
                .run(base, model, output, options));
  }

  /** Reads a merged checkpoint back and compares it with its manifest, in this thread. */
  public Verification verify(String checkpoint) {
    return verify(checkpoint, /* digests= */ false, MergeListener.SILENT);
  }

  /** The same, and finds the SHA-256 of every file, which hubs ask for, in the same reading. */
  public Verification verifyAndDigest(String checkpoint) {
    return verify(checkpoint, /* digests= */ true, MergeListener.SILENT);
  }

  /** Verifies, finds digests where these are wanted, and tells how much is read. */
  public Verification verify(String checkpoint, boolean digests, MergeListener listener) {
    return door.look(
        MergeOptions.DEFAULT,
        (places, any) -> Verification.of(places, checkpoint, digests, listener));
  }

  /** Reads the headers of a checkpoint. */
  public Inspection inspect(String checkpoint) {
    return door.look(MergeOptions.DEFAULT, (places, any) -> Inspection.of(places, checkpoint));
  }

  /** Which units of a model may change places, as a spec in YAML: its own, or what a file says. */
  public String permutations(String model, Optional<String> spec) {
    return door.look(MergeOptions.DEFAULT, (places, any) -> UnitsOfModel.of(places, model, spec));
  }

  /** Adds up statistics of one model over two sets of examples; a mixture is refused. */
  public StatisticsAdded addStatistics(String a, String b, String output, MergeOptions options) {
    return door.through(options, (places, any) -> new StatisticsAddition(places).add(a, b, output));
  }

  /** Reads what statistics say of themselves, and some of their numbers. */
  public ShownStatistics showStatistics(String place, MergeOptions options) {
    return door.look(options, (places, any) -> new StatisticsAddition(places).shown(place));
  }

  /**
   * Gives up a merge that was not finished: its uploads, its journal and its lock.
   *
   * @param output the folder that it was to write, in which nothing is touched
   * @return whether there was one
   */
  public boolean discard(String output) {
    return door.look(
        MergeOptions.DEFAULT, (places, any) -> StageScratch.discardAll(places.store(), output));
  }

  /** Stops what was started here. */
  @Override
  public void close() {
    engines.close();
  }
}
