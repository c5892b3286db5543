package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.CardFacts;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Models that can be merged by their headers and configurations.
 *
 * @param models by their names, patterns replaced by what they stand for
 * @param names of those that were named, without the base unless it is among them
 * @param tokenizer the {@code tokenizer_source} that they need, if they need one
 * @param remarks what whoever planned a merge of them had to tell
 */
record MergeableModels(
    Map<String, Model> models,
    List<String> names,
    Optional<String> tokenizer,
    List<String> remarks) {
  private static final String UNION = "union";

  /** Plans a recipe. */
  interface Planner {
    Planned plan(String recipe) throws IOException;
  }

  /**
   * Asks whoever plans merges: for a plain average, and for one with all tokens of all models.
   *
   * @throws UserException with all that stands in the way
   */
  static MergeableModels of(NamedModels named, Planner planner) throws IOException {
    try {
      return of(planner.plan(recipe(named, "")), Optional.empty());
    } catch (UserException problems) {
      return withTokens(named, planner, problems);
    }
  }

  private static MergeableModels withTokens(
      NamedModels named, Planner planner, UserException problems) throws IOException {
    try {
      Planned planned = planner.plan(recipe(named, "tokenizer_source: %s\n".formatted(UNION)));
      return of(planned, Optional.of(UNION));
    } catch (UserException e) {
      String all = problems.getMessage();
      if (!e.getMessage().equals(all)) {
        all += "\nWith `tokenizer_source: %s`:\n%s".formatted(UNION, e.getMessage());
      }
      throw new UserException(
          "%s\nNo merge of these is proposed. Models of different architectures or sizes can be used side by side, or put together by rules of your own: docs/compose.md"
              .formatted(all.replaceAll("(?m)^recipe:\\d+: ", "")), // nobody has seen the recipe
          e);
    }
  }

  private static String recipe(NamedModels named, String more) {
    StringBuilder recipe = new StringBuilder(more);
    if (named.base().isPresent()) {
      recipe
          .append("merge_method: task_arithmetic\nparameters: {weight: 1}\n")
          .append("base_model: %s\n".formatted(FlowText.of(named.base().get())));
    } else {
      recipe.append("merge_method: uniform_soup\n");
    }
    recipe.append("models:\n");
    named.models().forEach(model -> recipe.append("- model: %s\n".formatted(FlowText.of(model))));
    return recipe.toString();
  }

  private static MergeableModels of(Planned planned, Optional<String> tokenizer) {
    Map<String, Model> models = new LinkedHashMap<>();
    planned.models().forEach((reference, model) -> models.put(reference.path(), model));
    List<String> names =
        planned.recipe().slices().stream()
            .flatMap(slice -> slice.sources().stream())
            .map(source -> source.model().path())
            .distinct()
            .toList();
    return new MergeableModels(
        models,
        names,
        tokenizer,
        planned.notices().stream().map(notice -> "Note: %s.".formatted(notice)).toList());
  }

  Model model(String name) {
    return models.get(name);
  }

  /** Which bases their cards name, as a sentence; empty if they name none. */
  Optional<String> namedBases() {
    Set<String> bases = new LinkedHashSet<>();
    models.forEach(
        (name, model) ->
            bases.addAll(
                CardFacts.of(
                        "",
                        List.of(
                            new CardFacts.Input("", model.folder(), model.surroundings().card())))
                    .baseModels()));
    return bases.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Their cards name %s as base: say so with --base.".formatted(String.join(", ", bases)));
  }
}
