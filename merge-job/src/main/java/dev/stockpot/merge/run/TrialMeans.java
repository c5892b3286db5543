package dev.stockpot.merge.run;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.ObjectStore;
import java.util.Optional;

/**
 * What trials work with.
 *
 * @param options of the merge that they choose
 * @param dtype that candidates and result have, if one is wished
 * @param merge that they choose
 */
record TrialMeans(
    Places places,
    Settings settings,
    EngineSource engines,
    MergeOptions options,
    Optional<DType> dtype,
    Merge merge) {

  ObjectStore store() {
    return places.store();
  }

  MergeListener listener() {
    return merge.listener();
  }

  /** Folders beside the output. */
  TrialFolders folders() {
    return TrialFolders.of(merge.folder());
  }
}
