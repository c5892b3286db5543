package dev.stockpot.merge.run;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.ChosenBy;
import dev.stockpot.merge.commit.OutputGuard;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.plan.ModelStacks;
import dev.stockpot.merge.recipe.LayerRange;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.trial.Ingredients;
import dev.stockpot.merge.trial.Kitchen;
import dev.stockpot.merge.trial.LayerScores;
import dev.stockpot.merge.trial.Trial;
import dev.stockpot.merge.trial.TrialRecipe;
import dev.stockpot.merge.trial.TrialRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A merge that trials choose: candidates are merged beside the output, scored and removed, and the
 * best is merged into it, by the recipe that its manifest then has.
 */
final class TrialMerge {
  private final TrialMeans means;
  private final TrialFolders folders;
  private final TrialKitchen kitchen;

  TrialMerge(TrialMeans means) {
    this.means = means;
    this.folders = means.folders();
    this.kitchen = new TrialKitchen(means);
  }

  /** Tries, chooses and merges. */
  MergeOutcome run(TrialRecipe trials) throws IOException {
    Ready ready = ready(trials);
    Optional<ChosenBy.Before> before = before(trials, ready);
    if (before.isPresent()) {
      return publish(before.get().recipe(), before.get().by());
    }
    return tried(
        trials,
        ready,
        chosen -> {
          means.listener().chosen(chosen.what(), chosen.recipe());
          return publish(
              chosen.recipe(),
              new ChosenBy(
                  trials.text(),
                  ready.inputs(),
                  chosen.trials(),
                  chosen.tests().stream().map(Trial::told).toList(),
                  chosen.alternatives(),
                  chosen.state()));
        });
  }

  /**
   * Tries the points of a path, and writes what was found; merges none of them for good.
   *
   * @throws UserException if the recipe asks for other trials
   */
  ScoredPath path(TrialRecipe trials) throws IOException {
    if (!trials.isPath()) {
      throw new UserException(
          "%s asks for no path. Give it `path: {points: 25}`, or merge it with `stockpot merge`"
              .formatted(trials.example().source()));
    }
    Ready ready = ready(trials);
    notices()
        .ifReadOften(
            trials.evaluations(ready.models().stacks().size()),
            means.settings().trials().candidates());
    PathOutput output =
        new PathOutput(means.store(), means.merge().folder(), trials.text(), ready.inputs());
    Optional<ChosenBy.Before> before = before(trials, ready);
    if (before.isPresent()) {
      return ScoredPath.of(before.get().by().trials(), output.page(), /* isAlreadyThere= */ true);
    }
    return tried(
        trials,
        ready,
        chosen -> {
          Replaceable replaceable =
              means
                  .options()
                  .overwrite()
                  .in(means.store(), means.merge().folder(), means.listener()::noticed);
          output.publish(chosen.trials(), trials.recipes(ready.models()), replaceable);
          return ScoredPath.of(chosen.trials(), output.page(), /* isAlreadyThere= */ false);
        });
  }

  /** What became of the same trials before, if they are to be resumed. */
  private Optional<ChosenBy.Before> before(TrialRecipe trials, Ready ready) throws IOException {
    if (!means.options().resume() || means.options().overwrite() != Overwrite.NOTHING) {
      return Optional.empty();
    }
    Optional<ChosenBy.Before> before =
        ChosenBy.in(means.store(), means.merge().folder(), trials.text(), ready.inputs());
    if (before.isPresent()) {
      folders.discard(
          means.store()); // it may have been killed between its last step and the removal
    }
    return before;
  }

  /** What is made of a choice. */
  private interface Conclusion<T> {
    T of(TrialRun.Chosen chosen) throws IOException;
  }

  private <T> T tried(TrialRecipe trials, Ready ready, Conclusion<T> conclusion)
      throws IOException {
    requireRoom();
    PendingFolder scores = folders.claim(means.store(), means.options().resume());
    boolean isDone = false;
    try (ScoreCache cache =
        ScoreCache.claim(means.store(), means.settings(), means.listener()::noticed)) {
      TrialRun run = ready.run(trials, kitchen, scores, cache.folder(), means.settings());
      if (run.known() > 0) {
        means
            .merge()
            .listener()
            .noticed(
                "%s scores are there from the run before, and are not asked for again"
                    .formatted(run.known()));
      }
      TrialRun.Chosen chosen = run.run();
      folders.removeCandidates(means.store(), Set.of());
      notices().whatWasPicked(chosen);
      notices().whatTestsSay(chosen);
      notices().ifCutShort(chosen, trials.evaluations(ready.models().stacks().size()));
      T concluded = conclusion.of(chosen);
      isDone = true;
      return concluded;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException("The trials were interrupted" + whatIsKept(), e);
    } finally {
      if (isDone) {
        scores.close();
      } else {
        scores.keep();
      }
    }
  }

  /**
   * Makes the candidates that are to be scored next, and removes those that are scored.
   *
   * @param most how many; nothing for as many as the recipe's `parallel`, or a generation
   */
  List<Asked> ask(TrialRecipe trials, OptionalInt most) throws IOException {
    requireTold(trials);
    Ready ready = ready(trials);
    requireRoom();
    PendingFolder scores = folders.claim(means.store(), /* goesOn= */ true);
    try (ScoreCache cache =
        ScoreCache.claim(means.store(), means.settings(), means.listener()::noticed)) {
      TrialRun run = ready.run(trials, kitchen, scores, cache.folder(), means.settings());
      List<Asked> asked =
          run.ask(most.orElse(run.ahead())).stream()
              .map(it -> new Asked(it.candidate(), it.model(), it.what(), it.recipe(), it.budget()))
              .toList();
      folders.removeCandidates(
          means.store(), asked.stream().map(Asked::candidate).collect(Collectors.toSet()));
      return asked;
    } finally {
      scores.keep();
    }
  }

  static void requireTold(TrialRecipe trials) {
    if (trials.isScoredHere()) {
      throw new UserException(
          "%s names an evaluator, which `stockpot merge` asks. To score candidates elsewhere, write `evaluate: {on: nowhere, direction: max}`"
              .formatted(trials.example().source()));
    }
  }

  /**
   * What trials begin with.
   *
   * @param inputs digest of what the first candidate is made of
   */
  private record Ready(Ingredients models, LayerScores layerScores, String inputs) {
    TrialRun run(
        TrialRecipe trials,
        Kitchen kitchen,
        PendingFolder scores,
        Optional<PendingFolder> cache,
        Settings settings)
        throws IOException {
      int room = settings.trials().candidates();
      return new TrialRun(
          trials, models, layerScores, settings.seed(), kitchen, scores, cache, room);
    }
  }

  /** Checks that candidates can be made, where they will be and of what. */
  private Ready ready(TrialRecipe trials) throws IOException {
    trials.notices().forEach(means.listener()::noticed);
    List<Location> all =
        new ArrayList<>(List.of(means.merge().folder(), folders.scores(), folders.candidates()));
    ScoreCache.place(means.settings())
        .ifPresent(
            cache -> {
              all.forEach(own -> new OutputGuard(cache).folder("the output", own).check());
              all.add(cache);
            });
    Recipe example = ExpandedRecipe.of(trials.example(), means.places(), all);
    for (Location place : all) {
      Merge there = new Merge(means.merge().recipe(), place.path(), means.listener());
      InputsOfMerge.guard(
          List.of(there), List.of(example), means.places(), means.options().settingsFile());
    }
    StageFolder stages = StageFolder.beside(means.merge().folder(), false);
    Planned planned =
        Planned.open(
                List.of(example),
                means.places(),
                means.settings(),
                means.dtype(),
                List.of(stages),
                Matching.NOT_YET)
            .get(0);
    kitchen.inputs().know(planned);
    // who judges is part of it: a table of scores may be another one by now, or a state
    String inputs = Sha256.of(List.of(kitchen.inputs().of(planned.recipe()), trials.identity()));
    LayerScores scan = new LayerScan(means.store(), planned.models());
    return new Ready(ingredients(planned), scan, inputs);
  }

  private String whatIsKept() {
    return ". Scores that were paid for are kept: go on with --resume, or give them up: stockpot"
        + " discard "
        + means.merge().output();
  }

  /** Refuses an output that could not be published, before anything is paid for. */
  private void requireRoom() throws IOException {
    Replaceable replaceable =
        means
            .options()
            .overwrite()
            .in(means.store(), means.merge().folder(), means.listener()::noticed);
    new OutputRoom(means.store(), means.merge().folder(), replaceable)
        .require(means.options().resume());
  }

  private TrialNotices notices() {
    return new TrialNotices(means.listener());
  }

  private MergeOutcome publish(String text, ChosenBy by) throws IOException {
    MergeRecipe recipe = MergeRecipe.chosen(means.merge().recipe(), text, by);
    Merge last = new Merge(recipe, means.merge().output(), means.listener());
    return new MergeRun(means.places(), means.settings(), means.engines(), means.options())
        .run(List.of(last), means.dtype())
        .get(0);
  }

  /** The models that candidates of a recipe are made of. */
  static Ingredients ingredients(Planned planned) {
    Map<String, Map<String, Integer>> stacks = new LinkedHashMap<>();
    OptionalInt shortest = OptionalInt.empty();
    for (Slice slice : planned.recipe().slices()) {
      for (Source source : slice.sources()) {
        Optional<Model> model = Optional.ofNullable(planned.models().get(source.model()));
        stacks.put(source.model().toString(), model.map(ModelStacks::of).orElse(Map.of()));
        int layers = source.layers().map(LayerRange::length).orElse(Integer.MAX_VALUE);
        if (layers < shortest.orElse(Integer.MAX_VALUE)) {
          shortest = OptionalInt.of(layers);
        }
      }
    }
    return new Ingredients(stacks, shortest);
  }
}
