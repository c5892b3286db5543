package dev.stockpot.merge.run;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.settings.Settings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Merges of one call: one that trials may have to choose first, or several in one reading.
 *
 * @param dtype of the outputs, over what recipes say
 */
record AnyMerge(
    Places places,
    Settings settings,
    EngineSource engines,
    MergeOptions options,
    Optional<DType> dtype) {

  /** Uses it for something. */
  @FunctionalInterface
  interface Use<T> {
    T of(AnyMerge merge) throws IOException;
  }

  /** Makes some, several in one reading of their inputs. */
  List<MergeOutcome> all(List<Merge> merges) throws IOException {
    return merges.size() == 1 ? List.of(one(merges.get(0))) : together(merges);
  }

  /** Makes one. */
  MergeOutcome one(Merge merge) throws IOException {
    WrittenRecipe written = written(merge);
    Merge read = read(merge, written);
    return written.trials().isPresent()
        ? trials(read).run(written.trials().get())
        : together(List.of(read)).get(0);
  }

  /** Tries the points of a path. */
  ScoredPath path(Merge merge) throws IOException {
    WrittenRecipe written = written(merge);
    return trials(read(merge, written)).path(written.ofTrials());
  }

  /** Makes the candidates that are to be scored elsewhere next. */
  List<Asked> ask(Merge merge, OptionalInt most) throws IOException {
    WrittenRecipe written = written(merge);
    return trials(read(merge, written)).ask(written.ofTrials(), most);
  }

  /** Writes down scores of candidates. */
  void tell(Merge merge, Map<String, String> results) throws IOException {
    WrittenRecipe written = written(merge);
    new ToldResults(places.store(), written.ofTrials(), merge.folder()).tell(results);
  }

  private WrittenRecipe written(Merge merge) throws IOException {
    return RecipeFaults.orAll(
        () -> merge.recipe().read(places.store(), settings.unknownKeys()), places, settings);
  }

  private static Merge read(Merge merge, WrittenRecipe written) {
    return new Merge(merge.recipe().as(written), merge.output(), merge.listener());
  }

  private TrialMerge trials(Merge merge) {
    return new TrialMerge(new TrialMeans(places, settings, engines, options, dtype, merge));
  }

  /** Makes several, none of which is chosen. */
  List<MergeOutcome> together(List<Merge> merges) throws IOException {
    return new MergeRun(places, settings, engines, options).run(merges, dtype);
  }
}
