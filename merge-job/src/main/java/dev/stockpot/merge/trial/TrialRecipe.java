package dev.stockpot.merge.trial;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.evaluate.EvaluationException;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.YamlText;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A recipe with {@code soup}, {@code search} or {@code path}: what is merged is chosen by trials.
 */
public final class TrialRecipe {
  private final String text;
  private final Plan plan;
  private final Judges judges;
  private final Recipe example;
  private final double hours;
  private final List<String> notices;
  private final Optional<Judges> test;
  private final Optional<MeasuredEnsemble> ensemble;

  TrialRecipe(
      String text,
      Plan plan,
      Judges judges,
      Recipe example,
      double hours,
      List<String> notices,
      Optional<Judges> test,
      Optional<MeasuredEnsemble> ensemble) {
    this.text = text;
    this.plan = plan;
    this.judges = judges;
    this.example = example;
    this.hours = hours;
    this.notices = List.copyOf(notices);
    this.test = test;
    this.ensemble = ensemble;
  }

  Plan plan() {
    return plan;
  }

  Judges judges() {
    return judges;
  }

  /** Who says what the choice is worth, by whom nothing was chosen. */
  Optional<Judges> test() {
    return test;
  }

  /** What a soup is to stand beside. */
  Optional<MeasuredEnsemble> ensemble() {
    return ensemble;
  }

  /**
   * Checks what candidates are to be made of.
   *
   * @throws UserException if these are no models for such trials
   */
  public void requireFits(Ingredients models) {
    plan.problemWith(models)
        .or(() -> ensemble.flatMap(measured -> measured.problemWith(models.names())))
        .ifPresent(
            why -> {
              throw new UserException("These trials cannot begin: " + why);
            });
  }

  /**
   * Whether scores that are told count for other trials, too: only where it is said what they are.
   */
  boolean isShared() {
    return judges.areNamed();
  }

  /** After which no more is tried; infinite if nothing ends the trials early. */
  public double hours() {
    return hours;
  }

  /** What its author should know of how it was read, though nothing is wrong. */
  public List<String> notices() {
    return notices;
  }

  /** How many candidates may be evaluated at once. */
  public int parallel() {
    return judges.parallel();
  }

  public String text() {
    return text;
  }

  /** The recipe of a first candidate: what it names must be there, and fit. */
  public Recipe example() {
    return example;
  }

  /** How many evaluations there will be at most. */
  public long evaluations(int models) {
    return plan.evaluations(models);
  }

  /** How many evaluations there will be at most of what is only shown beside the choice. */
  public long evaluationsBeside() {
    boolean isUniform = plan instanceof SoupPlan soup && soup.kind().equals("uniform");
    return ensemble.isPresent() && isScoredHere() && !isUniform ? 1 : 0;
  }

  /** Whether it asks for a path, which is looked at as a whole. */
  public boolean isPath() {
    return plan.placeOf(1).isPresent();
  }

  /**
   * What distinguishes it from recipes of the same text: who judges, where it begins, and beside
   * what it is to stand.
   */
  public String identity() {
    String begins = judges.identity() + plan.identity();
    return begins + ensemble.map(MeasuredEnsemble::digest).orElse("");
  }

  /**
   * The recipe of every point of a path: each makes the bytes that were scored.
   *
   * @param models that the recipe names, patterns expanded
   * @return by name of a file
   */
  public Map<String, String> recipes(Ingredients models) {
    Map<String, String> recipes = new LinkedHashMap<>();
    List<Point> points = plan.chooser(models.size()).upcoming(Integer.MAX_VALUE);
    for (int i = 0; i < points.size(); i++) {
      String name =
          String.format(Locale.ROOT, "%04d-t-%.4f.yml", i + 1, plan.placeOf(i + 1).orElseThrow());
      recipes.put(name, YamlText.of(plan.recipe(points.get(i), models.names())));
    }
    return recipes;
  }

  /** How many candidates are made in one reading of the models, at most. */
  public long generation(int models) {
    return plan.generation(models);
  }

  /** Whether candidates are evaluated by whom we ask: if not, scores are told. */
  public boolean isScoredHere() {
    return judges.areHere();
  }

  /**
   * Checks what somebody told of a candidate.
   *
   * @param results a number, JSON of results, or {@code {"failure": "why"}}
   * @throws EvaluationException if the metrics of the recipe are not in it
   */
  public void requireScores(String results) throws EvaluationException {
    Told.of(results).verdict(judges);
  }

  /** Reads small files that a recipe names. */
  @FunctionalInterface
  public interface Texts {
    String read(String location) throws IOException;
  }
}
