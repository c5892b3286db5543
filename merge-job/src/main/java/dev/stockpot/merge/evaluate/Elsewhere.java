package dev.stockpot.merge.evaluate;

import java.util.Map;

/**
 * An evaluator that is not asked here: its results are told.
 *
 * @param version what it is; empty where nobody says, so that its results are those of one soup
 */
record Elsewhere(String version) implements Evaluator {
  @Override
  public Map<String, Measure> evaluate(Candidate candidate) throws EvaluationException {
    throw new EvaluationException("nobody has told what it is worth");
  }

  @Override
  public String identity() {
    return version.isEmpty() ? "elsewhere" : "elsewhere, version " + version;
  }

  @Override
  public boolean isHere() {
    return false;
  }

  @Override
  public boolean isNamed() {
    return !version.isEmpty();
  }
}
