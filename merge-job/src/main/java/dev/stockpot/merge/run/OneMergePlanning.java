package dev.stockpot.merge.run;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.compose.Composed;
import dev.stockpot.merge.compose.Composer;
import dev.stockpot.merge.compose.FitStatistics;
import dev.stockpot.merge.mixture.MixturePlan;
import dev.stockpot.merge.mixture.Mixtures;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.MergePlanner;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.vocabulary.Vocabularies;
import dev.stockpot.merge.vocabulary.VocabularyPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plans merges whose models are all there: vocabularies first, then tensors. */
record OneMergePlanning(
    Map<ModelReference, StatisticsCheckpoint> statistics,
    Places places,
    Vocabularies vocabularies,
    Mixtures mixtures,
    ObjectSource store,
    Settings settings) {
  /** A plan, and what was found of matrices before it. */
  record WithFindings(MergePlan plan, MatrixFindings found) {}

  OneMergePlanning(
      Map<ModelReference, StatisticsCheckpoint> statistics, Places places, Settings settings) {
    this(
        statistics,
        places,
        new Vocabularies(places.store(), new ModelFolders(places, Map.of())),
        new Mixtures(places.store(), settings.seed()),
        places.store(),
        settings);
  }

  /** What a recipe composes of its models; nothing if it merges them. */
  Optional<Composed> composed(Recipe one, Map<ModelReference, Model> named) throws IOException {
    if (one.composition().isEmpty()) {
      return Optional.empty();
    }
    Optional<ModelReference> file = one.composition().get().config().file();
    Optional<String> template =
        file.isPresent()
            ? Optional.of(SmallText.read(store, places.folder(file.get().path()), "a config.json"))
            : Optional.empty();
    NamedTokens tokens = new NamedTokens(vocabularies, named);
    FitStatistics statistics = place -> fitStatistics(place, named.get(place));
    return Optional.of(Composer.of(one, named, tokens, statistics, template, settings.seed()));
  }

  private StatisticsCheckpoint fitStatistics(ModelReference place, Model checkpoint) {
    try {
      return OpenedStatistics.alone(store, place.path(), checkpoint, true).checkpoint();
    } catch (IOException e) {
      throw StorageException.of(e);
    }
  }

  /**
   * The plan of one merge.
   *
   * @param named every model that the recipe names, stages among them
   * @param stages that it may name for their tokens
   * @param dtype of its output, over what the recipe says
   * @param matching who matches units of models that are to be aligned
   */
  WithFindings plan(
      Recipe one,
      Map<ModelReference, Model> named,
      Map<ModelReference, Model> stages,
      Optional<DType> dtype,
      Matching matching)
      throws IOException {
    MixturePlan mixed = mixtures.of(one, named, gates(one));
    VocabularyPlan vocabulary =
        vocabularies.in(new ModelFolders(places, stages)).of(one, mixed.models());
    Problems problems = new Problems(one.source());
    List<String> tokens =
        one.vocabulary().tokenizer().isPresent()
            ? List.of()
            : ModelTokens.compare(one, named, store, problems);
    Alignments aligned =
        new Aligner(one, vocabulary.models(), statistics, matching, places, settings).align();
    MergePlan plan =
        MergePlanner.plan(
            one,
            aligned.models(),
            aligned.statistics(),
            problems,
            Planned.cuts(settings).with(Planned.layout(named.get(one.donor()))),
            dtype.or(() -> mixed.type().filter(any -> one.outDtype().or(one::dtype).isEmpty())),
            settings.rounding(),
            settings.seed());
    List<String> told = new ArrayList<>(mixed.notices());
    told.addAll(tokens);
    told.addAll(vocabulary.notices());
    told.addAll(aligned.notices());
    return new WithFindings(
        plan.with(vocabulary.applied(mixed.applied(plan.output())))
            .reading(aligned.read())
            .telling(told),
        aligned.found());
  }

  /** With more statistics: those that stages make. */
  OneMergePlanning with(Map<ModelReference, StatisticsCheckpoint> more) {
    Map<ModelReference, StatisticsCheckpoint> all = new LinkedHashMap<>(statistics);
    all.putAll(more);
    return new OneMergePlanning(all, places, vocabularies, mixtures, store, settings);
  }

  /** The file of routers' rows that a mixture names. */
  private Optional<StatisticsCheckpoint> gates(Recipe one) {
    return one.mixture().flatMap(mixture -> mixture.gates().file()).map(statistics::get);
  }
}
