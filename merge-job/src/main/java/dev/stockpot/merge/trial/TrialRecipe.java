package dev.stockpot.merge.trial;

import dev.stockpot.merge.evaluate.EvaluationException;
import dev.stockpot.merge.recipe.Recipe;
import java.io.IOException;
import java.util.List;

/** A recipe with {@code soup} or {@code search}: what is merged is chosen by trials. */
public final class TrialRecipe {
  private final String text;
  private final Plan plan;
  private final Judges judges;
  private final Recipe example;
  private final double hours;
  private final List<String> notices;

  TrialRecipe(
      String text, Plan plan, Judges judges, Recipe example, double hours, List<String> notices) {
    this.text = text;
    this.plan = plan;
    this.judges = judges;
    this.example = example;
    this.hours = hours;
    this.notices = List.copyOf(notices);
  }

  Plan plan() {
    return plan;
  }

  Judges judges() {
    return judges;
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
