package dev.stockpot.merge.trial;

import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Choosers;
import dev.stockpot.merge.choose.HalvingRules;
import dev.stockpot.merge.choose.Nsga2Rules;
import dev.stockpot.merge.choose.SearchState;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a search goes through its genome. */
sealed interface Strategy {

  Chooser chooser(Genome genome);

  /** How many evaluations there will be at most. */
  long evaluations(Genome genome);

  /** How many candidates are made in one reading of the models, at most. */
  default long generation(Genome genome) {
    return evaluations(genome);
  }

  /** Whether candidates are evaluated on so many examples, and not on all. */
  default boolean saysBudgets() {
    return false;
  }

  /** What distinguishes it from others of the same keys; empty if nothing does. */
  default String identity() {
    return "";
  }

  /** What is wrong with a genome for it, or with who judges; nothing if nothing is. */
  default Optional<String> problemWith(Genome genome, Judges judges) {
    return Optional.empty();
  }

  /** Every combination. */
  record Grid(int levels, int most) implements Strategy {
    private List<Integer> levels(Genome genome) {
      return genome.counts().stream().map(count -> count == 0 ? levels : count).toList();
    }

    private double points(Genome genome) {
      return levels(genome).stream().mapToDouble(Integer::doubleValue).reduce(1, (a, b) -> a * b);
    }

    @Override
    public Optional<String> problemWith(Genome genome, Judges judges) {
      double points = points(genome);
      int allowed = most > 0 ? most : StrategyReader.MOST_EVALUATIONS;
      String who = most > 0 ? "`evaluations` allows %s" : "must have %s at most";
      return points > allowed
          ? Optional.of(
              String.format(
                  Locale.ROOT,
                  "the grid has %.0f points, " + who + "; lower `levels` (now %s)",
                  points,
                  allowed,
                  levels))
          : Optional.empty();
    }

    @Override
    public Chooser chooser(Genome genome) {
      return Choosers.grid(levels(genome));
    }

    @Override
    public long evaluations(Genome genome) {
      return (long) points(genome);
    }
  }

  /** Points that fill the cube, evenly or at random. */
  record Draws(boolean isSobol, int evaluations, long seed) implements Strategy {
    @Override
    public Optional<String> problemWith(Genome genome, Judges judges) {
      int dimensions = genome.counts().size();
      return isSobol && dimensions > Choosers.MOST_SOBOL
          ? Optional.of(
              "sobol searches %s dimensions at most, and there are %s; use `strategy: random` or `cma_es`"
                  .formatted(Choosers.MOST_SOBOL, dimensions))
          : Optional.empty();
    }

    @Override
    public Chooser chooser(Genome genome) {
      int dimensions = genome.counts().size();
      return isSobol
          ? Choosers.sobol(dimensions, evaluations, seed)
          : Choosers.random(dimensions, evaluations, seed);
    }

    @Override
    public long evaluations(Genome genome) {
      return evaluations;
    }
  }

  /** Covariance matrix adaptation. */
  record CmaEs(double sigma, int population, int evaluations, long seed, Optional<SearchState> from)
      implements Strategy {
    @Override
    public Optional<String> problemWith(Genome genome, Judges judges) {
      int dimensions = genome.counts().size();
      return from.filter(state -> state.mean().size() != dimensions)
          .map(
              state ->
                  "`state` is that of a search in %s dimensions, and this one has %s; give it the state of a search over the same ranges and choices"
                      .formatted(state.mean().size(), dimensions));
    }

    @Override
    public Chooser chooser(Genome genome) {
      return from.map(state -> Choosers.cmaEs(state, population, evaluations, seed))
          .orElseGet(() -> Choosers.cmaEs(genome.start(), sigma, population, evaluations, seed));
    }

    @Override
    public String identity() {
      return from.map(StateJson::hash).orElse("");
    }

    @Override
    public long evaluations(Genome genome) {
      return evaluations;
    }

    @Override
    public long generation(Genome genome) {
      return Choosers.cmaPopulation(genome.counts().size(), population);
    }
  }

  /** What no other is better than by every metric. */
  record Nsga2(Nsga2Rules rules) implements Strategy {
    @Override
    public Optional<String> problemWith(Genome genome, Judges judges) {
      return judges.all().size() < 2
          ? Optional.of(
              "nsga2 searches between several metrics, and `evaluate` has one; list another, or use"
                  + " `strategy: cma_es`")
          : Optional.empty();
    }

    @Override
    public Chooser chooser(Genome genome) {
      return Choosers.nsga2(genome.start(), rules);
    }

    @Override
    public long evaluations(Genome genome) {
      return rules.evaluations();
    }

    @Override
    public long generation(Genome genome) {
      return rules.population();
    }
  }

  /** Growing numbers of examples for ever fewer candidates. */
  record Halving(HalvingRules rules, long seed) implements Strategy {
    @Override
    public boolean saysBudgets() {
      return true;
    }

    @Override
    public Optional<String> problemWith(Genome genome, Judges judges) {
      List<Judge> heedless = judges.heedlessOfBudgets();
      return heedless.isEmpty()
          ? Optional.empty()
          : Optional.of(
              "halving scores candidates on growing numbers of examples, and %s of %s evaluators cannot be told how many; put `{budget}` into each `command`, where the number belongs"
                  .formatted(heedless.size(), judges.all().size()));
    }

    @Override
    public Chooser chooser(Genome genome) {
      return Choosers.halving(genome.counts().size(), rules, seed);
    }

    @Override
    public long evaluations(Genome genome) {
      return rules.evaluations();
    }

    @Override
    public long generation(Genome genome) {
      return rules.rungs().get(0).candidates();
    }
  }
}
