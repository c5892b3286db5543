package dev.stockpot.merge.run;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.rapids.cudf.GpuSettings;
import dev.stockpot.kernels.rapids.cudf.GpuTask;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.engine.MergeEngine;
import dev.stockpot.merge.engine.MergeTasks;
import dev.stockpot.merge.engine.MergeTotals;
import dev.stockpot.merge.engine.TaskEnvironment;
import dev.stockpot.merge.part.KernelChoice;
import dev.stockpot.merge.part.PartSettings;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Merges in one reading of their inputs, mostly a single one, from recipes to checkpoints: open,
 * plan, make, publish.
 */
final class MergeRun {
  private final Places places;
  private final ObjectStore store;
  private final Settings settings;
  private final EngineSource engines;
  private final MergeOptions options;
  private final Optional<StageFolder> given;
  private final long start = System.nanoTime();

  MergeRun(Places places, Settings settings, EngineSource engines, MergeOptions options) {
    this(places, settings, engines, options, Optional.empty());
  }

  /**
   * A run of one merge that takes stages which are there.
   *
   * @param given where they are; nothing if none is
   */
  MergeRun(
      Places places,
      Settings settings,
      EngineSource engines,
      MergeOptions options,
      Optional<StageFolder> given) {
    this.places = places;
    this.store = places.store();
    this.settings = settings;
    this.engines = engines;
    this.options = options;
    this.given = given;
  }

  /**
   * Merges.
   *
   * @param dtype of the outputs, over what recipes say
   * @return what became of each
   */
  List<MergeOutcome> run(List<Merge> merges, Optional<DType> dtype) throws IOException {
    List<Recipe> recipes = recipes(merges);
    InputsOfMerge.guard(merges, recipes, places, options.settingsFile());
    if (engines.isHere()) {
      requireKernels(); // tasks will run in this JVM
    }
    // Spark takes longer to start than headers take to read
    CompletableFuture<Supplier<MergeEngine>> starting = engines.start(settings);
    List<StageFolder> folders = merges.stream().map(this::stages).toList();
    Matching matching = Matching.by(() -> tasks(starting));
    List<PlannedOutput> planned = new ArrayList<>();
    for (PlannedOutput output : planned(merges, recipes, dtype, folders, matching)) {
      planned.add(output.surveyed(() -> tasks(starting), settings));
    }
    planned.forEach(output -> output.announce(settings, merges.size()));
    IdentityHashMap<PlannedOutput, MergeOutcome> outcomes =
        new IdentityHashMap<>(); // plans are large
    List<PlannedOutput> wanted = new ArrayList<>();
    List<StageFolder> wantedStages = new ArrayList<>();
    for (int i = 0; i < planned.size(); i++) {
      PlannedOutput output = planned.get(i);
      if (output.isDone(store, options)) {
        outcomes.put(output, output.alreadyThere(seconds()));
      } else {
        wanted.add(output);
        wantedStages.add(folders.get(i));
      }
    }
    List<PendingMerge> claimed = new ArrayList<>();
    StageWriter stages = new StageWriter(places, settings, engines, options);
    boolean isDone = false;
    try {
      if (!wanted.isEmpty()) {
        List<PlannedOutput> ready = new ArrayList<>();
        for (PlannedOutput output : stages.written(wanted, wantedStages, dtype, matching)) {
          // what was planned anew because of a stage that is written knows nothing yet
          ready.add(
              wanted.contains(output) ? output : output.surveyed(() -> tasks(starting), settings));
        }
        claimAndMake(ready, claimed, starting, dtype);
        for (int i = 0; i < wanted.size(); i++) {
          outcomes.put(wanted.get(i), claimed.get(i).outcome());
        }
      }
      isDone = true;
    } finally {
      close(claimed);
      stages.end(isDone);
    }
    return planned.stream().map(outcomes::get).toList();
  }

  private List<Recipe> recipes(List<Merge> merges) throws IOException {
    return FaultsOfMerges.orElse(
        merges.size(),
        merge ->
            ExpandedRecipe.of(
                RecipeFaults.orAll(
                        () ->
                            merges
                                .get(merge)
                                .recipe()
                                .read(
                                    store,
                                    new MergeRecipe.Turn(merge, merges.size()),
                                    settings.unknownKeys()),
                        places,
                        settings)
                    .ofOneMerge(),
                places,
                merges.stream().map(Merge::folder).toList()));
  }

  private StageFolder stages(Merge merge) {
    return given.orElseGet(() -> StageFolder.beside(merge.folder(), options.keepsStages()));
  }

  private List<PlannedOutput> planned(
      List<Merge> merges,
      List<Recipe> recipes,
      Optional<DType> dtype,
      List<StageFolder> folders,
      Matching matching)
      throws IOException {
    List<Planned> planned = Planned.open(recipes, places, settings, dtype, folders, matching);
    List<PlannedOutput> outputs = new ArrayList<>();
    for (int i = 0; i < merges.size(); i++) {
      outputs.add(PlannedOutput.of(merges.get(i), planned.get(i), settings));
    }
    return outputs;
  }

  private MergeTasks tasks(CompletableFuture<Supplier<MergeEngine>> starting) {
    return starting.join().get().begin(environment(store, settings), settings.gpu().isRequested());
  }

  private void requireKernels() {
    try {
      KernelChoice.of(settings.kernels(), gpu(settings), GpuTask.NONE);
    } catch (IllegalArgumentException e) {
      throw new UserException(
          "Settings: provider is %s, but %s. provider=auto takes what there is"
              .formatted(settings.kernels(), e.getMessage()),
          e);
    }
  }

  private static GpuSettings gpu(Settings settings) {
    return new GpuSettings(settings.gpu().tasks(), settings.gpu().pinnedMemory());
  }

  /** What every task of a merge or of a comparison is sent. */
  static TaskEnvironment environment(ObjectStore store, Settings settings) {
    PartSettings parts =
        new PartSettings(
            settings.chunkElements(),
            settings.taskMemory(),
            settings.checkFinite(),
            settings.report());
    return new TaskEnvironment(store, settings.kernels(), gpu(settings), parts);
  }

  /**
   * Claims the output folders, makes all of them and publishes each.
   *
   * @param claimed takes the merges whose folders are claimed
   */
  private void claimAndMake(
      List<PlannedOutput> wanted,
      List<PendingMerge> claimed,
      CompletableFuture<Supplier<MergeEngine>> starting,
      Optional<DType> dtype)
      throws IOException {
    try {
      for (PlannedOutput output : wanted) {
        claimed.add(
            PendingMerge.claim(store, output, output.identity(settings, dtype), settings, options));
      }
      claimed.forEach(PendingMerge::sayWhatIsThere);
      MergeTasks tasks = tasks(starting);
      make(tasks, settings.sha256(), claimed.stream().filter(merge -> !merge.isMade()).toList());
      publish(claimed, tasks);
    } catch (IOException e) {
      throw stopped(claimed, StorageException.of(e));
    } catch (UserException e) {
      throw stopped(claimed, e);
    } catch (RuntimeException e) { // a fault of ours, or of a listener
      stop(claimed, e);
      throw e;
    }
  }

  private static void make(MergeTasks tasks, boolean wantsDigests, List<PendingMerge> merges)
      throws IOException {
    if (merges.isEmpty()) {
      return;
    }
    List<MergePlan> known =
        tasks.scanAll(
            merges.stream().map(PendingMerge::remaining).toList(),
            (bytes, of) -> merges.forEach(merge -> merge.scanned(bytes, of)));
    for (int i = 0; i < merges.size(); i++) {
      merges.get(i).knows(known.get(i));
      merges.get(i).begin();
    }
    tasks.makeAll(
        known,
        wantsDigests,
        (merge, file) -> merges.get(merge).ticket(file),
        new PartsOfMerges(merges));
  }

  /** Publishes each, also those behind one that fails: they are made. */
  private void publish(List<PendingMerge> merges, MergeTasks tasks) {
    List<UserException> faults = new ArrayList<>();
    for (PendingMerge merge : merges) {
      try {
        merge.publish(store, settings);
      } catch (IOException e) {
        faults.add(StorageException.of(e));
      } catch (UserException e) {
        faults.add(e);
      }
    }
    MergeTotals totals = tasks.totals();
    for (PendingMerge merge : merges) {
      if (merge.isPublished()) {
        merge.tell(totals, seconds());
      }
    }
    FaultsOfMerges.throwIfAny(faults);
  }

  /** The failure, with what is left of the merges. */
  private static UserException stopped(List<PendingMerge> merges, UserException failure) {
    stop(merges, failure);
    List<MergesStoppedException.Output> outputs =
        merges.stream().map(PendingMerge::output).toList();
    return outputs.size() == 1
        ? MergeStoppedException.of(
            failure, new Location(outputs.get(0).folder()), outputs.get(0).leftovers())
        : MergesStoppedException.of(failure, outputs);
  }

  private static void stop(List<PendingMerge> merges, Exception failure) {
    merges.stream().filter(merge -> !merge.isPublished()).forEach(merge -> merge.stop(failure));
  }

  private static void close(List<PendingMerge> merges) throws IOException {
    IOException failure = null;
    for (PendingMerge merge : merges) {
      try {
        merge.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }
}
