package dev.stockpot.merge.evaluate;

import java.util.Map;

/** Something that says what a model is worth. Several threads may ask at the same time. */
public interface Evaluator {

  /**
   * Evaluates a model.
   *
   * @return what was found, by name; {@code score} where the answer was a number alone
   * @throws EvaluationException if it could not be evaluated; the message says why
   * @throws InterruptedException if nobody needs the answer any more; nothing of it goes on then
   */
  Map<String, Measure> evaluate(Candidate candidate)
      throws EvaluationException, InterruptedException;

  /** What distinguishes it from any other, for scores that are kept: it is hashed. */
  String identity();

  /** Whether it looks at the model's files: if not, candidates need not be made. */
  default boolean needsModel() {
    return true;
  }

  /** This evaluator, where its commands are run by a cluster if they are to be. */
  default Evaluator on(Cluster cluster) {
    return this;
  }

  /** Whether it evaluates on as many examples as it is told to. */
  default boolean heedsBudget() {
    return true;
  }

  /** Whether it has to be told how many. */
  default boolean wantsBudget() {
    return false;
  }

  /** Whether it can be asked: if not, its results are told. */
  default boolean isHere() {
    return true;
  }

  /**
   * Whether its {@link #identity} says what it finds, so that other trials may take it for theirs.
   */
  default boolean isNamed() {
    return true;
  }
}
