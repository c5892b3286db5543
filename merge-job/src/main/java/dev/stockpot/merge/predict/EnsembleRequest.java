package dev.stockpot.merge.predict;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.UserException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is to become of tables of predictions.
 *
 * @param tables one a model of the ensemble
 * @param beside tables of models that are no part of it, and measured beside it: soups
 * @param weights by model; those that are not named count 1
 * @param applied an earlier one, with its weights; nothing if this makes one
 * @param calibrating what is fitted to what comes out
 */
public record EnsembleRequest(
    Inputs inputs,
    List<NamedTable> tables,
    List<NamedTable> beside,
    Method method,
    Map<String, Double> weights,
    Optional<Ensemble> applied,
    Calibrating calibrating,
    Fitting fitting,
    Bootstrap bootstrap) {
  /** What is fitted to logits. */
  public enum Calibrating {
    NOTHING,
    /** One number for all classes, which changes no decision. */
    TEMPERATURE,
    /** A scale and a bias for each class. */
    VECTOR;

    /** Whether anything is. */
    boolean isAsked() {
      return this != NOTHING;
    }
  }

  /**
   * How tables are read.
   *
   * @param labels a table of labels alone
   * @param masks whether models may say nothing of examples
   */
  public record Inputs(Optional<NamedTable> labels, Columns columns, boolean masks) {
    public Inputs {
      requireNonNull(labels, "labels is null");
      requireNonNull(columns, "columns is null");
    }
  }

  /**
   * How weights are fitted.
   *
   * @param share of the examples that they are fitted to; if less than 1, the others are measured
   * @param rounds picks of a greedy selection
   */
  public record Fitting(double share, int rounds) {
    public Fitting {
      if (!(share > 0 && share <= 1)) {
        throw new UserException("The share to fit to is %s, must be over 0 to 1".formatted(share));
      }
      if (rounds < 1) {
        throw new UserException("A selection has %s rounds, must have 1 or more".formatted(rounds));
      }
    }
  }

  /** How often examples are drawn again; 0 for never. */
  public record Bootstrap(int replicates, long seed) {
    private static final int MOST = 10_000;

    public Bootstrap {
      if (replicates < 0 || replicates > MOST) {
        throw new UserException(
            "The bootstrap has %s replicates, must have 0 to %s".formatted(replicates, MOST));
      }
    }
  }

  public EnsembleRequest {
    tables = List.copyOf(tables);
    beside = List.copyOf(beside);
    weights = Map.copyOf(weights);
    TreeSet<String> names = new TreeSet<>();
    for (List<NamedTable> some : List.of(tables, beside)) {
      for (NamedTable table : some) {
        if (!names.add(table.name())) {
          throw new UserException(
              "Two tables are called `%s`. Name them: a=%s".formatted(table.name(), table.path()));
        }
      }
    }
    if (tables.isEmpty()) {
      throw new UserException("An ensemble needs a table; there are %s".formatted(tables.size()));
    }
  }

  /** All tables with scores, those of the ensemble first. */
  public List<NamedTable> all() {
    return Stream.concat(tables.stream(), beside.stream()).toList();
  }

  List<String> names() {
    return tables.stream().map(NamedTable::name).toList();
  }
}
