package dev.stockpot.merge.run;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.settings.Settings;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

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

  /** Makes one. */
  MergeOutcome one(Merge merge) throws IOException {
    WrittenRecipe written =
        RecipeFaults.orAll(
            () -> merge.recipe().read(places.store(), settings.unknownKeys()), places, settings);
    Merge read = new Merge(merge.recipe().as(written), merge.output(), merge.listener());
    if (written.trials().isPresent()) {
      return new TrialMerge(places, settings, engines, options, dtype, read)
          .run(written.trials().get());
    }
    return together(List.of(read)).get(0);
  }

  /** Makes several, none of which is chosen. */
  List<MergeOutcome> together(List<Merge> merges) throws IOException {
    return new MergeRun(places, settings, engines, options).run(merges, dtype);
  }
}
