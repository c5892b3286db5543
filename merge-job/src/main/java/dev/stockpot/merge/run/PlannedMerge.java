package dev.stockpot.merge.run;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.plan.Statistics;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.StoredObject;
import dev.stockpot.merge.trial.TrialRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a merge would do, known from headers alone.
 *
 * @param method as the recipe names it
 * @param models in the order in which the recipe names them
 * @param statistics that are read beside models, by the kind and place of each
 * @param files of tensors in the output
 * @param sides files that are made beside these, by the same parts
 * @param notices what a user should know, though nothing is wrong
 * @param tensorsScanned tensors too large for the memory of a task, scanned before the merge
 * @param bytesScanned of the inputs of these
 * @param tasks at once, where Spark runs inside this JVM
 * @param taskMemory most bytes of buffers of one task
 * @param partMemory most bytes that a task holds of its part, where parts are uploaded; of the
 *     parts of all merges that are made in one reading with it
 * @param time about how long executors would take
 * @param stages merges that come before, in the order in which they take each other
 * @param composition what rules put together, a row for tensors that differ in numbers alone; none
 *     where models are merged
 * @param trials what choosing would cost, where trials choose; the rest is one candidate's then
 */
public record PlannedMerge(
    String method,
    List<Model> models,
    List<Model> statistics,
    List<File> files,
    List<File> sides,
    List<String> notices,
    int tensorsScanned,
    long bytesScanned,
    int tasks,
    long taskMemory,
    long partMemory,
    TimeEstimate time,
    List<Stage> stages,
    List<Composed> composition,
    Optional<PlannedTrials> trials) {

  /**
   * A merge that comes before, whose result is taken as a model.
   *
   * @param name in the recipe
   * @param method as the recipe names it
   * @param tensors that it makes
   * @param bytes of these in the stage's type
   * @param written why it is written first and read again; empty if it is made on the way
   */
  public record Stage(
      String name, String method, int tensors, long bytes, Optional<String> written) {}

  /**
   * A model that is read.
   *
   * @param tensors in it
   * @param files that hold them
   * @param bytes of these files
   * @param origin where they are read, if that is a hub or its cache
   */
  public record Model(String folder, int tensors, int files, long bytes, Optional<String> origin) {}

  /**
   * A file that is made.
   *
   * @param parts tasks that make it
   * @param bytesRead of inputs
   * @param bytes that it will have
   */
  public record File(String name, int tensors, int parts, long bytesRead, long bytes) {}

  /**
   * Tensors that rules put together.
   *
   * @param name of the tensor, {@code *} standing for numbers; empty: they are left out
   * @param count how many there are
   * @param shape and type, in words
   * @param origin what they are made of, in words
   */
  public record Composed(String name, int count, String shape, String origin) {}

  public PlannedMerge {
    models = List.copyOf(models);
    statistics = List.copyOf(statistics);
    files = List.copyOf(files);
    sides = List.copyOf(sides);
    notices = List.copyOf(notices);
    stages = List.copyOf(stages);
    composition = List.copyOf(composition);
  }

  /**
   * Tells of a plan.
   *
   * @param merges how many are made in one reading of their inputs, this one among them
   */
  static PlannedMerge of(Planned planned, Settings settings, int merges) {
    MergePlan plan = planned.plan();
    MergeMethod method = planned.recipe().method();
    return new PlannedMerge(
        method.name(),
        planned.models().values().stream()
            .map(model -> model(model.folder().path(), model, planned.places()))
            .toList(),
        plan.statistics().stream()
            .map(statistics -> statistics(statistics, planned.places()))
            .toList(),
        files(plan).subList(0, plan.shards().size()),
        files(plan).subList(plan.shards().size(), plan.files().size()),
        planned.notices(),
        plan.scans().size(),
        plan.scanPlan().bytesRead(),
        settings.tasks(),
        settings.taskMemory(),
        merges * plan.parts().stream().mapToLong(PartTask::memory).max().orElse(0),
        TimeEstimate.of(plan, method.card().cost()),
        planned.stages().stream().map(PlannedMerge::stage).toList(),
        planned.composed().map(ComposedRows::of).orElse(List.of()),
        Optional.empty());
  }

  private static Stage stage(PlannedStage stage) {
    MergePlan plan = stage.model().plan();
    return new Stage(
        stage.name(),
        stage.model().method().name(),
        plan.tensors(),
        plan.bytesWritten(),
        stage.written());
  }

  /** The plan of one candidate, with what trials of it will cost. */
  PlannedMerge ofTrials(TrialRecipe recipe, int room) {
    List<String> more = new ArrayList<>(recipe.notices());
    more.addAll(notices);
    long evaluations = recipe.evaluations(models.size()) + recipe.evaluationsBeside();
    long generation = Math.max(1, Math.min(evaluations, recipe.generation(models.size())));
    long lying = Math.min(room, Math.max(generation, Math.min(evaluations, recipe.parallel())));
    long together = Math.min(generation, room);
    PlannedTrials planned =
        new PlannedTrials(
            evaluations,
            recipe.parallel(),
            recipe.hours(),
            together,
            (evaluations + together - 1) / together,
            bytesRead(),
            lying * bytesWritten());
    return new PlannedMerge(
        method,
        models,
        statistics,
        files,
        sides,
        more,
        tensorsScanned,
        bytesScanned,
        tasks,
        taskMemory,
        partMemory,
        time,
        stages,
        composition,
        Optional.of(planned));
  }

  private static Model statistics(Statistics statistics, Places places) {
    dev.stockpot.merge.model.Model checkpoint = statistics.checkpoint();
    String name = "%s %s".formatted(statistics.kind(), checkpoint.folder().path());
    return model(name, checkpoint, places);
  }

  private static Model model(String name, dev.stockpot.merge.model.Model model, Places places) {
    return new Model(
        name,
        model.tensors().size(),
        model.shards().size(),
        model.shards().stream().mapToLong(StoredObject::size).sum(),
        places.origin(model.folder()));
  }

  /** All files; what a part reads counts for its shard. */
  private static List<File> files(MergePlan plan) {
    List<OutputShard> shards = plan.files();
    long[] read = new long[shards.size()];
    int[] parts = new int[shards.size()];
    for (PartTask part : plan.parts()) {
      read[part.shard()] += part.bytesRead();
      part.files().forEach(file -> parts[file.shard()]++);
    }
    List<File> files = new ArrayList<>();
    for (int i = 0; i < shards.size(); i++) {
      OutputShard shard = shards.get(i);
      files.add(new File(shard.file(), shard.tensors().size(), parts[i], read[i], shard.size()));
    }
    return files;
  }

  /** Tensors in the output. */
  public int tensors() {
    return files.stream().mapToInt(File::tensors).sum();
  }

  /** Tasks that make parts of the output. */
  public int parts() {
    return files.stream().mapToInt(File::parts).sum();
  }

  /** Bytes of inputs that making the output takes, scans aside. */
  public long bytesRead() {
    return files.stream().mapToLong(File::bytesRead).sum();
  }

  public long bytesWritten() {
    return Stream.concat(files.stream(), sides.stream()).mapToLong(File::bytes).sum();
  }
}
