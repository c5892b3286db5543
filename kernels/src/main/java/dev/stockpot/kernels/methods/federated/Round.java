package dev.stockpot.kernels.methods.federated;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.Judgement;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.kernels.statistic.Statistic;
import java.io.Serializable;
import java.util.Optional;

/**
 * A round before its clients are known: whole models are looked at, and none is believed before.
 *
 * @param look what is to be known of them
 * @param rule what follows
 */
record Round(ClientScan look, Rule rule) implements MergeProgram {
  Round {
    requireNonNull(look, "look is null");
    requireNonNull(rule, "rule is null");
  }

  /** From what is known of clients to the merge of one tensor. */
  @FunctionalInterface
  interface Rule extends Serializable {
    Decided decide(Clients clients);
  }

  /** A merge that knows its clients, and what is told of them. */
  record Decided(MergeProgram program, Judgement told) implements MergeProgram {
    @Override
    public Optional<Judgement> judgement() {
      return Optional.of(told);
    }

    @Override
    public <V> BlockMerge open(Kernels<V> kernels) {
      return program.open(kernels);
    }
  }

  @Override
  public Optional<Scan> scan() {
    return Optional.of(look);
  }

  @Override
  public ScanScope scanScope() {
    return ScanScope.MODEL;
  }

  @Override
  public MergeProgram knowing(Statistic found) {
    return rule.decide(Clients.of(look, found));
  }

  @Override
  public <V> BlockMerge open(Kernels<V> kernels) {
    throw new IllegalStateException("%s opened before its scan".formatted(rule));
  }
}
