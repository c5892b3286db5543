package dev.stockpot.merge.trial;

import dev.stockpot.merge.recipe.Recipe;
import java.io.IOException;

/** A recipe with {@code soup} or {@code search}: what is merged is chosen by trials. */
public final class TrialRecipe {
  private final String text;
  private final Plan plan;
  private final Judges judges;
  private final Recipe example;
  private final int parallel;
  private final double hours;

  TrialRecipe(String text, Plan plan, Judges judges, Recipe example, int parallel, double hours) {
    this.text = text;
    this.plan = plan;
    this.judges = judges;
    this.example = example;
    this.parallel = parallel;
    this.hours = hours;
  }

  Plan plan() {
    return plan;
  }

  Judges judges() {
    return judges;
  }

  double hours() {
    return hours;
  }

  public int parallel() {
    return parallel;
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

  /** Reads small files that a recipe names. */
  @FunctionalInterface
  public interface Texts {
    String read(String location) throws IOException;
  }
}
