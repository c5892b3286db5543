package dev.stockpot.kernels.method;

import java.util.List;

/**
 * A rule that makes one tensor of several. It is written once, over the vector algebra of {@link
 * dev.stockpot.kernels.Kernels}; which processor runs it is no concern of its own.
 */
public interface MergeMethod {

  /** The word that a recipe uses, for example {@code dare_ties}. */
  String name();

  /** Formula, purpose and source, for {@code stockpot methods NAME}. */
  MethodCard card();

  List<Parameter> parameters();

  /** How many models it takes, and what it makes of the base model. */
  Arity arity();

  /** What one output element depends on: decides how large tensors may be cut. */
  Footprint footprint();

  /**
   * The work for one tensor.
   *
   * @throws IllegalArgumentException if the terms do not fit {@link #arity()} and {@link
   *     #parameters()}
   */
  MergeProgram program(TensorTerms terms);
}
