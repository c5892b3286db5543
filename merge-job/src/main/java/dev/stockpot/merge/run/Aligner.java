package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.align.Aligning;
import dev.stockpot.merge.align.Alignment;
import dev.stockpot.merge.align.Match;
import dev.stockpot.merge.align.Matched;
import dev.stockpot.merge.align.Moves;
import dev.stockpot.merge.align.Spec;
import dev.stockpot.merge.align.Zipping;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.recipe.AlignChoice;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Aligns the models of a recipe that are to be aligned. */
final class Aligner {
  private final Recipe recipe;
  private final UnitStatistics beside;
  private final Matching matching;
  private final Places places;
  private final Settings settings;
  private final Map<ModelReference, Model> models;
  private final Map<String, Map<String, Double>> measures = new TreeMap<>();
  private final List<String> notices = new ArrayList<>();

  /**
   * One for a recipe.
   *
   * @param models as all other views leave them
   * @param statistics that lie beside models
   */
  Aligner(
      Recipe recipe,
      Map<ModelReference, Model> models,
      Map<ModelReference, StatisticsCheckpoint> statistics,
      Matching matching,
      Places places,
      Settings settings) {
    this.recipe = recipe;
    this.models = new LinkedHashMap<>(models);
    this.beside = new UnitStatistics(recipe, statistics);
    this.matching = matching;
    this.places = places;
    this.settings = settings;
  }

  /**
   * Aligns what the recipe wants aligned.
   *
   * @throws UserException if a model cannot be aligned, or not in a task's memory
   */
  Alignments align() throws IOException {
    Map<ModelReference, AlignChoice> choices = recipe.alignments();
    if (choices.values().stream().anyMatch(AlignChoice::isToMean)) {
      alignToMean(choices);
    } else {
      alignToModels(choices);
    }
    notices.addAll(beside.notices());
    return new Alignments(
        models, beside.moved(), beside.read(), notices, new MatrixFindings(Map.of(), measures));
  }

  /** All at once: those that they are aligned to stay. */
  private void alignToModels(Map<ModelReference, AlignChoice> choices) throws IOException {
    Map<ModelReference, Alignment> wanted = new LinkedHashMap<>();
    for (Map.Entry<ModelReference, AlignChoice> each : choices.entrySet()) {
      ModelReference to = each.getValue().to(recipe.base());
      wanted.put(
          each.getKey(), alignment(each.getKey(), each.getValue(), to.path(), models.get(to)));
    }
    List<Match> matches =
        wanted.values().stream().flatMap(each -> each.matches().stream()).toList();
    Optional<List<Matched>> found = wanted.isEmpty() ? Optional.empty() : matching.found(matches);
    int first = 0;
    for (Map.Entry<ModelReference, Alignment> each : wanted.entrySet()) {
      Alignment alignment = each.getValue();
      int end = first + alignment.matches().size();
      if (found.isPresent()) {
        List<Matched> own = found.get().subList(first, end);
        settle(each.getKey(), alignment, own);
        ModelReference to = choices.get(each.getKey()).to(recipe.base());
        models.put(to, alignment.other(models.get(to), own));
      } else {
        models.put(each.getKey(), alignment.anyOrder());
        models.computeIfPresent(
            choices.get(each.getKey()).to(recipe.base()), (any, to) -> alignment.anyOther(to));
      }
      notices.add(alignment.announced());
      first = end;
    }
  }

  private void alignToMean(Map<ModelReference, AlignChoice> choices) throws IOException {
    Map<ModelReference, Model> together = new LinkedHashMap<>();
    recipe.slices().stream()
        .flatMap(slice -> slice.sources().stream())
        .filter(source -> recipe.base().filter(source.model()::equals).isEmpty())
        .forEach(source -> together.put(source.model(), models.get(source.model())));
    MeanAligner mean =
        new MeanAligner(
            together,
            List.copyOf(choices.keySet()),
            (named, model, of) ->
                alignment(named, choices.get(named), "the mean of the others", model, of),
            matching,
            settings.seed());
    models.putAll(mean.align());
    mean.found().forEach((model, found) -> settle(model, found.alignment(), found.matched()));
    notices.addAll(mean.announced());
  }

  private void settle(ModelReference model, Alignment alignment, List<Matched> found) {
    models.put(model, alignment.aligned(found));
    beside.move(model, statistics -> alignment.aligned(statistics, found));
    measures.putAll(alignment.measures(found));
  }

  private Alignment alignment(ModelReference named, AlignChoice choice, String toName, Model to)
      throws IOException {
    return alignment(named, choice, toName, models.get(named), to);
  }

  private Alignment alignment(
      ModelReference named, AlignChoice choice, String toName, Model model, Model to)
      throws IOException {
    try {
      Alignment alignment = Alignment.of(named.path(), model, toName, to, how(named, choice));
      Optional<String> problem = alignment.problem(settings.taskMemory());
      if (problem.isPresent()) {
        throw new UserException(problem.get());
      }
      return alignment;
    } catch (UserException e) {
      throw new UserException(
          "%s:%s: %s".formatted(recipe.source(), choice.line(), e.getMessage()), e);
    }
  }

  private Aligning how(ModelReference named, AlignChoice choice) throws IOException {
    Optional<Spec> spec = Optional.empty();
    if (choice.spec().isPresent()) {
      spec = Optional.of(UnitsOfModel.spec(places, choice.spec().get().path()));
    }
    return new Aligning(
        new Moves(choice.movesResidual(), choice.movesExperts(), choice.turnsHeads()),
        spec,
        beside.activations(named, choice),
        choice.by() == AlignChoice.By.ZIPIT
            ? new Zipping(choice.zip().alpha(), choice.zip().beta())
            : Zipping.NONE,
        choice.zip().until(),
        settings.seed());
  }
}
