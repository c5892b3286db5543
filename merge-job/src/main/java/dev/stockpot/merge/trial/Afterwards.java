package dev.stockpot.merge.trial;

import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.json.JsonObject;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is asked once all is chosen, and changes nothing of that. */
final class Afterwards {
  private final TrialRecipe recipe;
  private final List<String> models;
  private final Candidates candidates;
  private final Kitchen kitchen;
  private final Scores scores;
  private final Heard heard;

  Afterwards(
      TrialRecipe recipe,
      List<String> models,
      Candidates candidates,
      Kitchen kitchen,
      Scores scores,
      Heard heard) {
    this.recipe = recipe;
    this.models = models;
    this.candidates = candidates;
    this.kitchen = kitchen;
    this.scores = scores;
    this.heard = heard;
  }

  /** What was chosen, and what it was chosen over, by who was not asked before. */
  List<Trial> tests(Point best) throws IOException, InterruptedException {
    if (recipe.test().isEmpty()) {
      return List.of();
    }
    Set<Point> tested = new LinkedHashSet<>();
    heard.reference().ifPresent(tested::add);
    tested.add(best);
    return by(recipe.test().get()).of(List.copyOf(tested));
  }

  /** A soup beside others and beside an ensemble, if the recipe names one. */
  List<JsonObject> alternatives(Point best) throws IOException, InterruptedException {
    return recipe.plan() instanceof SoupPlan soup && recipe.ensemble().isPresent()
        ? beside(recipe.ensemble().get()).rows(soup.kind(), best)
        : List.of();
  }

  /** Why that table may compare what is not alike. */
  Optional<String> warning() {
    return recipe.ensemble().flatMap(ensemble -> beside(ensemble).warning());
  }

  private Alternatives beside(MeasuredEnsemble ensemble) {
    Optional<HeldOut> judges =
        recipe.isScoredHere() ? Optional.of(by(recipe.judges())) : Optional.empty();
    return new Alternatives(ensemble, models, heard, judges);
  }

  private HeldOut by(Judges judges) {
    return new HeldOut(recipe, judges, models, candidates, kitchen, scores);
  }
}
