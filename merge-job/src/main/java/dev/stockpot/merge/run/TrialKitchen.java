package dev.stockpot.merge.run;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.evaluate.Errands;
import dev.stockpot.merge.plan.UnlikePlansException;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.trial.Gain;
import dev.stockpot.merge.trial.Kitchen;
import dev.stockpot.merge.trial.Trial;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Merges candidates beside an output, and takes them away again. */
final class TrialKitchen implements Kitchen {
  private final Places places;
  private final ObjectStore store;
  private final Settings settings;
  private final EngineSource engines;
  private final MergeOptions options;
  private final Optional<DType> dtype;
  private final Merge merge;
  private final TrialFolders folders;
  private final InputsOfCandidates inputs;

  TrialKitchen(TrialMeans means) {
    this.places = means.places();
    this.store = means.store();
    this.settings = means.settings();
    this.engines = means.engines();
    this.options = means.options();
    this.dtype = means.dtype();
    this.merge = means.merge();
    this.folders = means.folders();
    this.inputs = new InputsOfCandidates(places, settings, dtype);
  }

  /** What candidates hang on, to be told of models that are open. */
  InputsOfCandidates inputs() {
    return inputs;
  }

  @Override
  public String inputs(String recipe) {
    try {
      return inputs.of(MergeRecipe.built(recipe).read(store, settings.unknownKeys()).recipe());
    } catch (IOException e) {
      throw StorageException.of(e);
    }
  }

  @Override
  public List<String> make(List<Order> candidates) throws IOException {
    List<Merge> merges = new ArrayList<>();
    for (Order candidate : candidates) {
      String place = folders.candidate(candidate.id()).path();
      merges.add(Merge.of(MergeRecipe.built(candidate.recipe()), place));
    }
    try {
      run(merges);
    } catch (UnlikePlansException e) { // a choice among models: one reading cannot make all
      for (Merge merge : merges) {
        run(List.of(merge));
      }
    }
    return merges.stream().map(Merge::output).toList();
  }

  @Override
  public String original(String model) throws IOException {
    return places.isStreamed(model) ? model : places.required(model).path();
  }

  private void run(List<Merge> merges) throws IOException {
    MergeOptions ofCandidates =
        options.replacing(Overwrite.NOTHING).resuming().keepingStages(false);
    new MergeRun(places, settings.withoutReport(), engines, ofCandidates).run(merges, dtype);
  }

  @Override
  public Errands errands(boolean wantGpu) {
    return new ErrandsOfCluster(engines.start(settings).join().get().errands(wantGpu));
  }

  @Override
  public void remove(Order candidate) throws IOException {
    TrialFolders.remove(store, folders.candidate(candidate.id()));
  }

  @Override
  public void tried(
      Trial trial, int number, long of, String verdict, Optional<Gain> gain, boolean isKnown) {
    merge.listener().tried(Tried.of(trial, number, of, verdict, gain, isKnown));
  }
}
