package dev.stockpot.merge.trial;

import dev.stockpot.merge.evaluate.Candidate;
import dev.stockpot.merge.evaluate.EvaluationException;
import dev.stockpot.merge.evaluate.Evaluator;
import dev.stockpot.merge.evaluate.Measure;
import dev.stockpot.merge.evaluate.Metric;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** An evaluator with a function in place of examples, that writes down who it was asked for. */
final class Tasting implements Evaluator {
  /** Says what a candidate is worth. */
  @FunctionalInterface
  interface Taste {
    double of(Candidate candidate) throws EvaluationException, InterruptedException;
  }

  final List<Candidate> asked = Collections.synchronizedList(new ArrayList<>());
  private final String name;
  private final Taste taste;

  Tasting(String name, Taste taste) {
    this.name = name;
    this.taste = taste;
  }

  Tasting(Taste taste) {
    this("tasting", taste);
  }

  /** By the ingredients of a candidate and nothing else. */
  static Tasting of(Map<List<String>, Double> worths) {
    return new Tasting(candidate -> worths.get(candidate.ingredients()));
  }

  @Override
  public Map<String, Measure> evaluate(Candidate candidate)
      throws EvaluationException, InterruptedException {
    asked.add(candidate);
    double worth = taste.of(candidate);
    return Map.of("score", new Measure(worth, OptionalDouble.empty(), Optional.empty()));
  }

  List<List<String>> askedOf() {
    return asked.stream().map(Candidate::ingredients).toList();
  }

  @Override
  public String identity() {
    return name;
  }

  /** This one alone, more is better. */
  Judges judges() {
    return judges(1);
  }

  Judges judges(int parallel) {
    Metric metric = new Metric("", Optional.of(true), 1);
    return new Judges(List.of(new Judge(this, metric, 0)), parallel);
  }
}
