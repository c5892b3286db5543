package dev.stockpot.merge.run;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.plan.StageModel;
import dev.stockpot.merge.recipe.Stage;
import java.util.Optional;

/**
 * A stage of a merge, and how it is made.
 *
 * @param model what it makes
 * @param written why it is written before the merge that takes it; empty if it is made on the way
 */
record PlannedStage(Stage stage, StageModel model, Optional<String> written) {
  PlannedStage {
    requireNonNull(stage, "stage is null");
    requireNonNull(model, "model is null");
    requireNonNull(written, "written is null");
  }

  String name() {
    return stage.name();
  }
}
