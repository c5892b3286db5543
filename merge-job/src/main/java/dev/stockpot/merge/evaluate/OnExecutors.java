package dev.stockpot.merge.evaluate;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/** A command that executors run, once it is known who they are. */
record OnExecutors(CommandEvaluator command, boolean wantsGpu) implements Evaluator {
  OnExecutors {
    requireNonNull(command, "command is null");
  }

  @Override
  public Evaluator on(Cluster cluster) {
    return command.by(cluster.errands(wantsGpu));
  }

  @Override
  public Map<String, Measure> evaluate(Candidate candidate) {
    throw new IllegalStateException("nobody said on which cluster");
  }

  @Override
  public boolean heedsBudget() {
    return command.heedsBudget();
  }

  @Override
  public boolean wantsBudget() {
    return command.wantsBudget();
  }

  @Override
  public String identity() { // a score is the same wherever it was found
    return command.identity();
  }
}
