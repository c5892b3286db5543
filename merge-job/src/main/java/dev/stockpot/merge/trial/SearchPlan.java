package dev.stockpot.merge.trial;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.Problems;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A search over the holes of a recipe, or over its layers. */
record SearchPlan(Genome genome, Strategy strategy) implements Plan {
  SearchPlan {
    requireNonNull(genome, "genome is null");
    requireNonNull(strategy, "strategy is null");
  }

  /** Hours after which no more is tried. */
  static double hours(Keys keys) {
    return keys.number("hours", 1e-6, 10_000, Double.POSITIVE_INFINITY);
  }

  static SearchPlan read(Keys keys, Genome genome, Judges judges, Problems problems) {
    SearchPlan plan = new SearchPlan(genome, StrategyReader.read(keys, problems));
    if (genome.counts().isEmpty() && !keys.has("layers")) {
      problems.add(
          keys.line(),
          "there is nothing to search: give a parameter a range, for example `weight: {range: [0,"
              + " 1]}`");
    } else if (problems.isEmpty()) {
      plan.strategy()
          .problemWith(genome, judges)
          .ifPresent(problem -> problems.add(keys.lineOf("strategy"), problem));
    }
    return plan;
  }

  @Override
  public Chooser chooser(int models) {
    return strategy.chooser(genome);
  }

  @Override
  public Plan knowing(LayerScores scores) throws IOException {
    return new SearchPlan(genome.knowing(scores), strategy);
  }

  @Override
  public Node recipe(Point point, List<String> models) {
    return genome.filled(point);
  }

  @Override
  public long evaluations(int models) {
    return strategy.evaluations(genome);
  }

  @Override
  public long generation(int models) {
    return strategy.generation(genome);
  }

  @Override
  public boolean saysBudgets() {
    return strategy.saysBudgets();
  }

  /** Candidates are made of the same models, as a rule. */
  @Override
  public List<List<Point>> readings(List<Point> wanted) {
    return wanted.isEmpty() ? List.of() : List.of(wanted);
  }

  @Override
  public Optional<String> problemWith(Ingredients models) {
    return genome.problemWith(models);
  }

  @Override
  public String described(Point point, List<String> models) {
    return genome.described(point);
  }
}
