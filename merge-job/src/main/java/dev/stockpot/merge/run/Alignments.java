package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.align.Alignment;
import dev.stockpot.merge.align.Match;
import dev.stockpot.merge.align.Matched;
import dev.stockpot.merge.align.Moves;
import dev.stockpot.merge.align.Spec;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.recipe.AlignChoice;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.settings.Settings;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The models of a recipe, those that are to be aligned as views with their units in place.
 *
 * @param notices what is to be done for that
 * @param found of units, where they were matched
 */
record Alignments(Map<ModelReference, Model> models, List<String> notices, MatrixFindings found) {
  Alignments {
    models = Collections.unmodifiableMap(new LinkedHashMap<>(models)); // in the recipe's order
    notices = List.copyOf(notices);
  }

  /**
   * Aligns what a recipe wants aligned.
   *
   * @param models as all other views leave them
   * @throws UserException if a model cannot be aligned, or not in a task's memory
   */
  static Alignments of(
      Recipe one,
      Map<ModelReference, Model> models,
      Matching matching,
      Places places,
      Settings settings)
      throws IOException {
    Map<ModelReference, Alignment> wanted = new LinkedHashMap<>();
    for (Map.Entry<ModelReference, AlignChoice> entry : one.alignments().entrySet()) {
      AlignChoice choice = entry.getValue();
      Alignment alignment =
          located(
              one, choice, () -> alignment(one, entry.getKey(), choice, models, places, settings));
      wanted.put(entry.getKey(), alignment);
    }
    if (wanted.isEmpty()) {
      return new Alignments(models, List.of(), MatrixFindings.NONE);
    }
    List<Match> matches =
        wanted.values().stream().flatMap(each -> each.matches().stream()).toList();
    Optional<List<Matched>> found = matching.found(matches);
    Map<ModelReference, Model> aligned = new LinkedHashMap<>(models);
    Map<String, Map<String, Double>> measures = new TreeMap<>();
    int first = 0;
    for (Map.Entry<ModelReference, Alignment> each : wanted.entrySet()) {
      Alignment alignment = each.getValue();
      int end = first + alignment.matches().size();
      if (found.isPresent()) {
        List<Matched> own = found.get().subList(first, end);
        aligned.put(each.getKey(), alignment.aligned(own));
        measures.putAll(alignment.measures(own));
      } else {
        aligned.put(each.getKey(), alignment.anyOrder());
      }
      first = end;
    }
    List<String> notices = wanted.values().stream().map(Alignment::announced).toList();
    return new Alignments(aligned, notices, new MatrixFindings(Map.of(), measures));
  }

  private interface Preparing {
    Alignment prepare() throws IOException;
  }

  private static Alignment located(Recipe one, AlignChoice choice, Preparing preparing)
      throws IOException {
    try {
      return preparing.prepare();
    } catch (UserException e) {
      throw new UserException(
          "%s:%s: %s".formatted(one.source(), choice.line(), e.getMessage()), e);
    }
  }

  private static Alignment alignment(
      Recipe one,
      ModelReference named,
      AlignChoice choice,
      Map<ModelReference, Model> models,
      Places places,
      Settings settings)
      throws IOException {
    ModelReference to = choice.to(one.base());
    Optional<Spec> spec = Optional.empty();
    if (choice.spec().isPresent()) {
      spec = Optional.of(UnitsOfModel.spec(places, choice.spec().get().path()));
    }
    Alignment alignment =
        Alignment.of(
            named.path(),
            models.get(named),
            to.path(),
            models.get(to),
            new Moves(choice.movesResidual(), choice.movesExperts()),
            spec,
            settings.seed());
    Optional<String> problem = alignment.problem(settings.taskMemory());
    if (problem.isPresent()) {
      throw new UserException(problem.get());
    }
    return alignment;
  }
}
