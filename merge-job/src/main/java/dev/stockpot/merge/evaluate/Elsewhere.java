package dev.stockpot.merge.evaluate;

import java.util.Map;

/** An evaluator that is not asked here: its results are told. */
record Elsewhere() implements Evaluator {
  @Override
  public Map<String, Measure> evaluate(Candidate candidate) throws EvaluationException {
    throw new EvaluationException("nobody has told what it is worth");
  }

  @Override
  public String identity() {
    return "elsewhere";
  }

  @Override
  public boolean isHere() {
    return false;
  }
}
