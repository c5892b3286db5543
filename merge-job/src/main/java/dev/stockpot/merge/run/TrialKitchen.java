package dev.stockpot.merge.run;

import dev.stockpot.merge.evaluate.Errands;
import dev.stockpot.merge.plan.UnlikePlansException;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.trial.Gain;
import dev.stockpot.merge.trial.Kitchen;
import dev.stockpot.merge.trial.Trial;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Merges candidates beside an output, and takes them away again. */
final class TrialKitchen implements Kitchen {
  private final TrialMeans means;
  private final TrialFolders folders;
  private final InputsOfCandidates inputs;

  TrialKitchen(TrialMeans means) {
    this.means = means;
    this.folders = means.folders();
    this.inputs = new InputsOfCandidates(means.places(), means.settings(), means.dtype());
  }

  /** What candidates hang on, to be told of models that are open. */
  InputsOfCandidates inputs() {
    return inputs;
  }

  @Override
  public String inputs(String recipe) {
    try {
      return inputs.of(read(recipe));
    } catch (IOException e) {
      throw StorageException.of(e);
    }
  }

  private Recipe read(String recipe) throws IOException {
    return MergeRecipe.built(recipe).read(means.store(), means.settings().unknownKeys()).recipe();
  }

  @Override
  public List<String> make(List<Order> candidates) throws IOException {
    List<Merge> merges = new ArrayList<>();
    for (Order candidate : candidates) {
      String place = folders.candidate(candidate.id()).path();
      merges.add(Merge.of(MergeRecipe.built(candidate.recipe()), place));
    }
    if (read(candidates.get(0).recipe()).adapter().isPresent()) { // which are made one at a time
      runEach(merges);
    } else {
      runTogether(merges);
    }
    return merges.stream().map(Merge::output).toList();
  }

  @Override
  public String original(String model) throws IOException {
    return means.places().isStreamed(model) ? model : means.places().required(model).path();
  }

  private void runTogether(List<Merge> merges) throws IOException {
    try {
      run(merges);
    } catch (UnlikePlansException e) { // a choice among models: one reading cannot make all
      runEach(merges);
    }
  }

  private void runEach(List<Merge> merges) throws IOException {
    for (Merge each : merges) {
      run(List.of(each));
    }
  }

  private void run(List<Merge> merges) throws IOException {
    MergeOptions ofCandidates =
        means.options().replacing(Overwrite.NOTHING).resuming().keepingStages(false);
    new MergeRun(means.places(), means.settings().withoutReport(), means.engines(), ofCandidates)
        .run(merges, means.dtype());
  }

  @Override
  public Errands errands(boolean wantGpu) {
    return new ErrandsOfCluster(
        means.engines().start(means.settings()).join().get().errands(wantGpu));
  }

  @Override
  public void remove(Order candidate) throws IOException {
    TrialFolders.remove(means.store(), folders.candidate(candidate.id()));
  }

  @Override
  public void tried(
      Trial trial, int number, long of, String verdict, Optional<Gain> gain, boolean isKnown) {
    means.listener().tried(Tried.of(trial, number, of, verdict, gain, isKnown));
  }
}
