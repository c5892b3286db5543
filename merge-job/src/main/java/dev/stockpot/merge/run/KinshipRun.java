package dev.stockpot.merge.run;

import dev.stockpot.kernels.observe.KinshipView;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.advice.Kinship;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.plan.KinshipPlan;
import dev.stockpot.merge.plan.ScanPlan;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.settings.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Looks at models, mostly at a sample of their elements, to tell how they are related. */
final class KinshipRun {
  private final Places places;
  private final Settings settings;
  private final EngineSource engines;
  private final MergeListener listener;

  KinshipRun(Places places, Settings settings, EngineSource engines, MergeListener listener) {
    this.places = places;
    this.settings = settings;
    this.engines = engines;
    this.listener = listener;
  }

  /**
   * Opens models and looks.
   *
   * @param base that the others began at, if it is known
   * @throws UserException with all that cannot be opened
   */
  Kinship run(List<String> models, Optional<String> base, boolean isSample) throws IOException {
    List<String> names = new ArrayList<>(models);
    base.filter(named -> !names.contains(named)).ifPresent(names::add);
    return of(opened(names), names, base.map(names::indexOf).orElse(KinshipView.NO_BASE), isSample);
  }

  /** Opens models by their names, at the same time. */
  List<Model> opened(List<String> names) {
    List<CompletableFuture<OpenedModel>> opening =
        names.stream()
            .map(name -> new ModelReference(name, 0))
            .map(
                name ->
                    CompletableFuture.supplyAsync(
                        () -> OpenedModel.of(places.store(), name, places::required, false)))
            .toList();
    List<Model> models = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    opening.forEach(
        model ->
            model
                .join()
                .tell(
                    there -> {
                      there.notices().forEach(listener::noticed);
                      models.add(there.model().orElseThrow());
                    },
                    problems::add));
    if (!problems.isEmpty()) {
      throw new UnusableModelsException(problems);
    }
    return models;
  }

  /** Looks at models that are open. */
  Kinship of(List<Model> models, List<String> names, int base, boolean isSample)
      throws IOException {
    KinshipView view = new KinshipView(models.size(), base);
    KinshipPlan plan = KinshipPlan.of(models, view, isSample, Planned.cuts(settings));
    if (plan.shapes().isEmpty()) {
      throw new UserException(
          "%s have no tensor in common that could be compared"
              .formatted(String.join(" and ", names)));
    }
    ScanPlan looked =
        engines
            .start(settings)
            .join()
            .get()
            .begin(MergeRun.environment(places.store(), settings), settings.gpu().isRequested())
            .look(plan.looks(), listener::scanned);
    return Kinship.of(names, view, plan.shapes(), plan.found(looked), plan.notices());
  }
}
