package dev.stockpot.merge.run;

import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.OutputGuard;
import dev.stockpot.merge.engine.MergeEngine;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.plan.DifferencePlan;
import dev.stockpot.merge.plan.ScanPlan;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.report.Report;
import dev.stockpot.merge.safetensors.CheckpointReader;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One comparison of two checkpoints: open, plan, scan. */
final class DifferenceRun {
  private final Places places;
  private final ObjectStore store;
  private final Settings settings;
  private final EngineSource engines;
  private final MergeListener listener;

  DifferenceRun(Places places, Settings settings, EngineSource engines, MergeListener listener) {
    this.places = places;
    this.store = places.store();
    this.settings = settings;
    this.engines = engines;
    this.listener = listener;
  }

  Difference run(String base, String model, Optional<String> output, MergeOptions options)
      throws IOException {
    Optional<Difference.Output> place = Optional.empty();
    if (output.isPresent()) {
      Replaceable replaceable = guarded(Location.typed(output.get()), base, model, options);
      place = Optional.of(new Difference.Output(output.get(), replaceable));
    }
    Model from = Model.of(CheckpointReader.open(store, places.required(base)));
    Model to = Model.of(CheckpointReader.open(store, places.required(model)));
    DifferencePlan plan = DifferencePlan.of(from, to, Planned.cuts(settings));
    plan.notices().forEach(listener::noticed);
    if (plan.tensors().isEmpty()) {
      throw new UserException(
          "%s and %s have no tensor in common that could be compared".formatted(base, model));
    }
    Report.Heading heading =
        new Report.Heading(
            "Difference report", "difference", Optional.of(base), "", plan.notices(), List.of());
    return new Difference(
        store,
        new Difference.Compared(base, model),
        Report.ofDifference(heading, model, plan.tensors(), figures(plan)),
        place);
  }

  /** What may go of what is where the report is to lie. */
  private Replaceable guarded(Location place, String base, String model, MergeOptions options)
      throws IOException {
    OutputGuard guard = new OutputGuard(place);
    for (String checkpoint : List.of(base, model)) {
      guard.folder("the checkpoint " + checkpoint, places.required(checkpoint));
      places
          .files(new ModelReference(checkpoint, 0))
          .forEach(
              files -> guard.folder("the checkpoint %s in the cache".formatted(checkpoint), files));
    }
    InputsOfMerge.settings(guard, options.settingsFile());
    guard.check();
    Replaceable replaceable = options.overwrite().in(store, place, listener::noticed);
    replaceable.requireNothingElse(place, store.tree(place, replaceable.enough()));
    return replaceable;
  }

  private Map<String, Figures> figures(DifferencePlan plan) throws IOException {
    MergeEngine engine = engines.start(settings).join().get();
    ScanPlan looked =
        engine
            .begin(MergeRun.environment(store, settings), settings.gpu().isRequested())
            .look(plan.looks(), listener::scanned);
    return DifferencePlan.figures(looked);
  }
}
