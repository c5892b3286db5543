package dev.stockpot.merge.evaluate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Scores that are known already: lines of JSON, each with the name of a model, {@code model_name},
 * or those of a soup, {@code models}, and a number for each metric; the first is the layout of
 * model-soups' {@code individual_model_results.jsonl}. A model is named as the recipe names it, or
 * by the last part of that. A soup is the plain mean, unless {@code weights} stand beside {@code
 * models}; a point of a path may be named by {@code t} alone.
 */
final class ScoreTable implements Evaluator {
  private final String name;
  private final Map<Mixture, Map<String, Measure>> scores = new HashMap<>();
  private final Map<Long, Map<String, Measure>> ofPath = new HashMap<>();
  private final String identity;

  /**
   * A table.
   *
   * @param name of the file, for messages
   * @throws EvaluationException if a line of it cannot be understood
   */
  ScoreTable(String name, String text) throws EvaluationException {
    this.name = name;
    this.identity = "scores " + text;
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        add(lines.get(i), i + 1);
      }
    }
    if (scores.isEmpty() && ofPath.isEmpty()) {
      throw new EvaluationException("%s has no scores in it".formatted(name));
    }
  }

  private void add(String line, int number) throws EvaluationException {
    String place = "%s:%s".formatted(name, number);
    ScoreLine row = ScoreLine.read(place, line);
    boolean isOfPath = row.models().isEmpty();
    boolean isNew =
        isOfPath
            ? ofPath.put(place(row.t().getAsDouble()), row.measures()) == null
            : scores.put(Mixture.of(row.models(), row.weights()), row.measures()) == null;
    if (!isNew) {
      throw new EvaluationException(
          "%s: the line has scores of %s for the second time; keep one"
              .formatted(place, isOfPath ? "t = " + row.t().getAsDouble() : row.models()));
    }
  }

  /** Places of a path in millionths: people round them. */
  private static long place(double t) {
    return Math.round(t * 1e6);
  }

  @Override
  public Map<String, Measure> evaluate(Candidate candidate) throws EvaluationException {
    List<Double> weights = candidate.mix().weights();
    if (weights.isEmpty()) {
      throw new EvaluationException(
          "%s has scores of means of models, and this is none; let a `command` or a service score it"
              .formatted(name));
    }
    Map<String, Measure> found = scores.get(Mixture.of(candidate.ingredients(), weights));
    if (found == null) {
      List<String> names =
          candidate.ingredients().stream()
              .map(path -> path.substring(path.lastIndexOf('/') + 1))
              .toList();
      boolean areTold = names.stream().distinct().count() == names.size();
      found = areTold ? scores.get(Mixture.of(names, weights)) : null;
    }
    if (found == null && !Double.isNaN(candidate.mix().t())) {
      found = ofPath.get(place(candidate.mix().t()));
    }
    if (found == null) {
      throw new EvaluationException(
          "%s has no scores of %s%s"
              .formatted(
                  name,
                  String.join(" + ", candidate.ingredients()),
                  candidate.mix().isEven() ? "" : " by weights " + weights));
    }
    return found;
  }

  @Override
  public boolean heedsBudget() {
    return false;
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public boolean needsModel() {
    return false;
  }
}
