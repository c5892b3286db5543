package dev.stockpot.merge.trial;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.evaluate.Candidate;
import dev.stockpot.merge.evaluate.Cluster;
import dev.stockpot.merge.evaluate.EvaluationException;
import dev.stockpot.merge.evaluate.Evaluator;
import dev.stockpot.merge.evaluate.Measure;
import dev.stockpot.merge.evaluate.Metric;
import java.util.Map;

/**
 * An evaluator, and what of its results counts.
 *
 * @param retries after an evaluation that failed
 */
record Judge(Evaluator evaluator, Metric metric, int retries) {
  Judge {
    requireNonNull(evaluator, "evaluator is null");
    requireNonNull(metric, "metric is null");
    if (retries < 0) {
      throw new IllegalArgumentException("retries are %s".formatted(retries));
    }
  }

  /** The number that counts, and which way. */
  record Finding(Measure measure, boolean isHigherBetter) {}

  /** Whether it cannot be asked without a number of examples. */
  boolean wantsBudget() {
    return evaluator.wantsBudget();
  }

  Judge on(Cluster cluster) {
    return new Judge(evaluator.on(cluster), metric, retries);
  }

  /** What counts of results. */
  Finding in(Map<String, Measure> results) throws EvaluationException {
    Measure measure = metric.in(results);
    return new Finding(measure, metric.isHigherBetter(measure));
  }

  /** All results of which something counts. */
  Map<String, Measure> ask(Candidate candidate) throws EvaluationException, InterruptedException {
    for (int left = retries; ; left--) {
      try {
        Map<String, Measure> results = evaluator.evaluate(candidate);
        in(results);
        return results;
      } catch (EvaluationException e) {
        if (left == 0) {
          throw e;
        }
      }
    }
  }
}
