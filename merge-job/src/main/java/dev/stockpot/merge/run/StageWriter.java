package dev.stockpot.merge.run;

import static java.util.stream.Collectors.joining;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Stage;
import dev.stockpot.merge.recipe.Stages;
import dev.stockpot.merge.safetensors.CheckpointReader;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes stages before the merges that take them, each by a merge of its own: all of them if they
 * are to be kept, else those that cannot be made on the way, which go at the end.
 */
final class StageWriter {
  private static final String DASHES = "---\n";

  private final Places places;
  private final ObjectStore store;
  private final Settings settings;
  private final EngineSource engines;
  private final MergeOptions options;
  private final StageScratch scratch;

  StageWriter(Places places, Settings settings, EngineSource engines, MergeOptions options) {
    this.places = places;
    this.store = places.store();
    this.settings = settings;
    this.engines = engines;
    this.options = options;
    this.scratch = new StageScratch(store);
  }

  /**
   * The merges, planned with all stages there that must be.
   *
   * @param folders of the stages of each
   * @param dtype of the outputs, over what recipes say
   * @param matching who matches units of models that are to be aligned
   */
  List<PlannedOutput> written(
      List<PlannedOutput> wanted,
      List<StageFolder> folders,
      Optional<DType> dtype,
      Matching matching)
      throws IOException {
    List<PlannedOutput> ready = wanted;
    List<StageFolder> now = folders;
    while (true) { // a stage that is there may take another one's room
      List<StageFolder> more = new ArrayList<>();
      for (int i = 0; i < ready.size(); i++) {
        more.add(written(ready.get(i), now.get(i)));
      }
      if (more.equals(now)) {
        return ready;
      }
      now = more;
      List<Recipe> recipes = ready.stream().map(output -> output.planned().recipe()).toList();
      List<Planned> planned = Planned.open(recipes, places, settings, dtype, now, matching);
      List<PlannedOutput> outputs = new ArrayList<>();
      for (int i = 0; i < planned.size(); i++) {
        outputs.add(PlannedOutput.of(ready.get(i).merge(), planned.get(i), settings));
      }
      ready = outputs;
    }
  }

  private StageFolder written(PlannedOutput output, StageFolder folder) throws IOException {
    StageFolder now = folder;
    for (PlannedStage stage : output.planned().stages()) {
      if (stage.written().isPresent() && !now.there().containsKey(stage.name())) {
        requireRoom(output);
        now = now.with(stage.name(), write(stage, output, now));
      }
    }
    return now;
  }

  /** Refuses an output that could not be published, before anything is written for it. */
  private void requireRoom(PlannedOutput output) throws IOException {
    Replaceable replaceable = options.overwrite().in(store, output.folder(), notice -> {});
    replaceable.requireNothingElse(
        output.folder(), store.tree(output.folder(), replaceable.enough()));
  }

  private Model write(PlannedStage stage, PlannedOutput output, StageFolder folder)
      throws IOException {
    Merge merge = output.merge();
    Location place = folder.of(stage.stage());
    Recipe recipe = alone(stage.stage(), output.planned().recipe());
    Merge first =
        new Merge(
            merge.recipe().as(WrittenRecipe.of(recipe)), place.path(), listener(stage, merge));
    MergeOptions how = options;
    if (!folder.keepsAll()) {
      scratch.add(folder.output(), merge.listener());
      how = options.replacing(options.resume() ? Overwrite.NOTHING : Overwrite.OURS);
    }
    Optional<DType> dtype =
        recipe.stages().areExact() ? Optional.of(DType.F32) : Optional.<DType>empty();
    Settings own = folder.keepsAll() ? settings : settings.withoutReport();
    MergeRun run = new MergeRun(places, own, engines, how, Optional.of(folder));
    merge.listener().staged(stage.name(), run.run(List.of(first), dtype).get(0));
    return Model.of(CheckpointReader.open(store, place));
  }

  /** The merge that makes a stage, with no stages but those that it takes, and their text. */
  private static Recipe alone(Stage stage, Recipe whole) {
    Recipe recipe = stage.recipe();
    Stages needed = whole.stages().neededBy(recipe);
    boolean isWhole = recipe.text().equals(whole.text()); // it is no document of its own
    String text =
        isWhole
            ? whole.text()
            : Stream.concat(needed.before().stream().map(Stage::recipe), Stream.of(recipe))
                .map(Recipe::text)
                .collect(joining(DASHES));
    return recipe.writtenAs(text).with(needed);
  }

  /** Hears what is not told of the whole already. */
  private static MergeListener listener(PlannedStage stage, Merge merge) {
    Set<String> told = Set.copyOf(stage.model().plan().notices());
    return new MergeListener() {
      @Override
      public void noticed(String notice) {
        if (!told.contains(notice)) {
          merge.listener().noticed("stage `%s`: %s".formatted(stage.name(), notice));
        }
      }

      @Override
      public void tookOver(String holder) {
        merge.listener().tookOver(holder);
      }

      @Override
      public void resumed(int files, int of, long bytes) {
        merge.listener().resumed(files, of, bytes);
      }
    };
  }

  /** Removes what nobody wants to keep, once all is published or has failed. */
  void end(boolean isDone) {
    if (isDone || !options.resume()) { // else the next one takes them as they are
      scratch.remove();
    }
  }
}
