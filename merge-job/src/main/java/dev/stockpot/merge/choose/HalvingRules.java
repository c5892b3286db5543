package dev.stockpot.merge.choose;

import java.util.ArrayList;
import java.util.List;

/**
 * How {@link Halving} goes on: so many candidates on so many examples each, rung by rung.
 *
 * @param rungs from the smallest budget to the largest, at least one
 */
public record HalvingRules(List<Rung> rungs) {

  /**
   * A rung.
   *
   * @param examples that each candidate is evaluated on, at least 1
   * @param candidates at least 1
   */
  public record Rung(int examples, int candidates) {
    public Rung {
      if (examples < 1 || candidates < 1) {
        throw new IllegalArgumentException(
            "%s candidates on %s examples".formatted(candidates, examples));
      }
    }
  }

  public HalvingRules {
    rungs = List.copyOf(rungs);
    if (rungs.isEmpty()) {
      throw new IllegalArgumentException("rungs are %s".formatted(rungs));
    }
  }

  /**
   * Rungs of which each has {@code eta} times the examples of the one before, and the best of its
   * candidates, one of {@code eta}; the last one has {@code most} examples.
   *
   * @param eta at least 2
   */
  public static HalvingRules of(int candidates, int least, int most, int eta) {
    List<Integer> examples = new ArrayList<>();
    for (long left = most; left >= least && left > 0; left /= eta) {
      examples.add(0, (int) left);
    }
    List<Rung> rungs = new ArrayList<>();
    int left = candidates;
    for (int each : examples) {
      rungs.add(new Rung(each, left));
      left = Math.max(1, left / eta);
    }
    return new HalvingRules(rungs);
  }

  /** Evaluations of all rungs together. */
  public long evaluations() {
    return rungs.stream().mapToLong(Rung::candidates).sum();
  }
}
