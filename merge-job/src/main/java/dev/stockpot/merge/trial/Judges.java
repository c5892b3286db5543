package dev.stockpot.merge.trial;

import dev.stockpot.merge.choose.Score;
import dev.stockpot.merge.evaluate.Candidate;
import dev.stockpot.merge.evaluate.Cluster;
import dev.stockpot.merge.evaluate.EvaluationException;
import dev.stockpot.merge.evaluate.Measure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * All that a candidate is judged by: the worth is the weighted sum, turned so that more is better.
 *
 * @param parallel how many candidates may be judged at once
 */
record Judges(List<Judge> all, int parallel) {
  Judges {
    all = List.copyOf(all);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("nobody judges");
    }
  }

  /**
   * What a candidate was found to be.
   *
   * @param measures by metric, as the evaluators gave them
   */
  record Verdict(Score score, Map<String, Double> measures) {}

  /** These, where commands for executors are run by a cluster. */
  Judges on(Cluster cluster) {
    return new Judges(all.stream().map(judge -> judge.on(cluster)).toList(), parallel);
  }

  /** Asks all of them. */
  Verdict ask(Candidate candidate) throws EvaluationException, InterruptedException {
    List<Judge.Finding> findings = new ArrayList<>();
    Map<String, Map<String, Measure>> answers = new HashMap<>();
    for (Judge judge : all) { // who has several metrics is asked once
      String who = judge.evaluator().identity();
      if (!answers.containsKey(who)) {
        answers.put(who, judge.ask(candidate));
      }
      findings.add(judge.in(answers.get(who)));
    }
    return verdict(findings);
  }

  /** Who scores all candidates alike, however few examples they are to be evaluated on. */
  List<Judge> heedlessOfBudgets() {
    return all.stream().filter(judge -> !judge.evaluator().heedsBudget()).toList();
  }

  /** What results that were told come to. */
  Verdict of(Map<String, Measure> told) throws EvaluationException {
    List<Judge.Finding> findings = new ArrayList<>();
    for (Judge judge : all) {
      findings.add(judge.in(told));
    }
    return verdict(findings);
  }

  private Verdict verdict(List<Judge.Finding> findings) throws EvaluationException {
    Map<String, Double> measures = new LinkedHashMap<>();
    double worth = 0;
    double variance = 0;
    boolean hasErrors = true;
    List<Double> objectives = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Measure measure = findings.get(i).measure();
      double weight = all.get(i).metric().weight();
      measures.put(name(i), measure.value());
      double objective = findings.get(i).isHigherBetter() ? measure.value() : -measure.value();
      objectives.add(objective);
      worth += weight * objective;
      double error = weight * measure.error().orElse(0);
      variance += error * error;
      hasErrors &= measure.error().isPresent();
    }
    if (!Double.isFinite(worth)) {
      throw new EvaluationException("the weighted sum of its metrics is %s".formatted(worth));
    }
    OptionalDouble error =
        hasErrors ? OptionalDouble.of(StrictMath.sqrt(variance)) : OptionalDouble.empty();
    return new Verdict(
        new Score(OptionalDouble.of(worth), error, all.size() > 1 ? objectives : List.of()),
        measures);
  }

  private String name(int place) {
    String name = all.get(place).metric().name();
    boolean isAlone = all.stream().filter(it -> it.metric().name().equals(name)).count() == 1;
    return (name.isEmpty() ? "score" : name) + (isAlone ? "" : "-" + (place + 1));
  }

  /** What distinguishes these judges from any others. */
  List<String> identity() {
    List<String> identity = new ArrayList<>();
    for (Judge judge : all) {
      identity.add(judge.evaluator().identity());
      identity.add(judge.metric().toString());
    }
    return identity;
  }

  /** Whether each says what it finds: by its command, its address, a metric or a version. */
  boolean areNamed() {
    return all.stream()
        .allMatch(judge -> judge.evaluator().isNamed() || !judge.metric().name().isEmpty());
  }

  boolean needModel() {
    return all.stream().anyMatch(judge -> judge.evaluator().needsModel());
  }

  /** Whether they can be asked: if not, their results are told. */
  boolean areHere() {
    return all.stream().allMatch(judge -> judge.evaluator().isHere());
  }
}
