package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.HashMap;
import java.util.Map;

/**
 * What was found in all of a scope. Most works of one scope have equal programs, so what follows
 * from it is worked out, and kept, once for each program.
 */
public final class Finding {
  private final Statistic statistic;
  private final Map<MergeProgram, MergeProgram> refined = new HashMap<>();

  public Finding(Statistic statistic) {
    this.statistic = requireNonNull(statistic, "statistic is null");
  }

  public Statistic statistic() {
    return statistic;
  }

  /** A program that knows it. */
  MergeProgram toldTo(MergeProgram program) {
    return refined.computeIfAbsent(program, asking -> asking.knowing(statistic));
  }
}
