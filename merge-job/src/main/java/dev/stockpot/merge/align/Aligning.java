package dev.stockpot.merge.align;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * How a model is to be aligned.
 *
 * @param moves what may move beside units of layers
 * @param spec what says which units may change places; empty: what the model is
 * @param activations what tells how alike units are; empty: their weights
 * @param zipping how units of both are joined, where they are
 * @param until the last group of units to be looked at; empty: all are
 * @param seed of the order in which groups take turns
 */
public record Aligning(
    Moves moves,
    Optional<Spec> spec,
    Optional<ActivationFiles> activations,
    Zipping zipping,
    Optional<String> until,
    long seed) {
  public Aligning {
    requireNonNull(moves, "moves are null");
    requireNonNull(spec, "spec is null");
    requireNonNull(activations, "activations are null");
    requireNonNull(zipping, "zipping is null");
    requireNonNull(until, "until is null");
  }
}
