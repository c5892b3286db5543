package dev.stockpot.merge.trial;

import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.evaluate.Candidate;
import dev.stockpot.merge.evaluate.EvaluationException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Evaluations that go on. Candidates are made on the calling thread and evaluated on others; what
 * nobody needs any more is given up.
 */
final class Evaluations {
  private final TrialRecipe recipe;
  private final Judges judges;
  private final List<String> models;
  private final Candidates candidates;
  private final Kitchen kitchen;
  private final Scores scores;
  private final EvaluationThreads evaluating;
  private final boolean isReadTogether;
  private final Map<String, Pending> pending = new LinkedHashMap<>(); // by what scores are kept by

  /** A candidate whose evaluation goes on. */
  private record Pending(Kitchen.Order order, boolean isMade, Future<Trial> trial) {}

  Evaluations(
      TrialRecipe recipe,
      List<String> models,
      Candidates candidates,
      Kitchen kitchen,
      Scores scores) {
    this.recipe = recipe;
    this.judges = recipe.judges().on(kitchen);
    this.models = models;
    this.candidates = candidates;
    this.kitchen = kitchen;
    this.scores = scores;
    this.isReadTogether = recipe.generation(models.size()) > 1;
    this.evaluating = new EvaluationThreads(judges.parallel());
  }

  /**
   * Starts what is neither known nor under way, and gives up what is under way and not among it;
   * candidates that need it are made first.
   *
   * @param state that they were drawn from, for the journal
   */
  void goOnWith(List<Point> upcoming, String state) throws IOException, InterruptedException {
    giveUpOthersThan(upcoming);
    if (scores.of(candidates.key(upcoming.get(0))).isPresent()) {
      return; // heard at once, and what follows may be others then
    }
    if (isReadTogether && pending.size() >= judges.parallel()) {
      return; // all evaluators are busy, and the longer one waits the more one reading makes
    }
    List<Point> made = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (Point point : upcoming) {
      boolean isNew =
          !isPending(point)
              && scores.of(candidates.key(point)).isEmpty()
              && !keys.contains(candidates.key(point));
      if (isNew && candidates.isMade(point)) { // other points may be the same candidate
        made.add(point);
        keys.add(candidates.key(point));
      } else if (isNew) {
        submit(point, candidates.original(point, kitchen), false, state);
      }
    }
    for (List<Point> reading : recipe.plan().readings(made)) {
      List<String> places = kitchen.make(reading.stream().map(candidates::order).toList());
      for (int i = 0; i < places.size(); i++) {
        submit(reading.get(i), places.get(i), true, state);
      }
    }
  }

  private void submit(Point point, String place, boolean isMade, String state) {
    Candidate candidate = candidates.at(place, point);
    pending.put(
        candidates.key(point),
        new Pending(
            candidates.order(point),
            isMade,
            evaluating.submit(() -> evaluate(point, candidate).inState(state))));
  }

  private Trial evaluate(Point point, Candidate candidate) throws InterruptedException {
    long start = System.nanoTime();
    String what = recipe.plan().described(point, models);
    try {
      Judges.Verdict verdict = judges.ask(candidate);
      return Trial.scored(candidate.id(), point, what, verdict, seconds(start));
    } catch (EvaluationException e) {
      return Trial.failed(candidate.id(), point, what, e.getMessage(), seconds(start));
    }
  }

  private static double seconds(long start) {
    return Math.rint((System.nanoTime() - start) / 1e6) / 1e3;
  }

  boolean isPending(Point point) {
    return pending.containsKey(candidates.key(point));
  }

  /** Waits for an evaluation and writes it down; a failed one may be tried again in another run. */
  Trial finish(Point point) throws IOException, InterruptedException {
    return finish(candidates.key(point));
  }

  private Trial finish(String key) throws IOException, InterruptedException {
    Pending evaluation = pending.get(key);
    Trial trial;
    try {
      trial = evaluation.trial().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an evaluator failed", e.getCause());
    }
    scores.keep(key, trial);
    forget(key, evaluation);
    return trial;
  }

  private void forget(String key, Pending evaluation) throws IOException {
    pending.remove(key);
    if (evaluation.isMade()) {
      kitchen.remove(evaluation.order());
    }
  }

  /** Ends evaluations that nobody needs any more; what is finished is kept all the same. */
  private void giveUpOthersThan(List<Point> upcoming) throws IOException, InterruptedException {
    Set<String> wanted = upcoming.stream().map(candidates::key).collect(Collectors.toSet());
    for (String key : List.copyOf(pending.keySet())) {
      if (wanted.contains(key)) {
        continue;
      }
      Pending evaluation = pending.get(key);
      if (isAnswered(evaluation.trial())) {
        finish(key);
      } else {
        evaluation.trial().cancel(true);
        forget(key, evaluation);
      }
    }
  }

  /** Whether there is an answer: an evaluator that broke gives none. */
  private static boolean isAnswered(Future<Trial> trial) throws InterruptedException {
    try {
      return trial.isDone() && trial.get() != null;
    } catch (ExecutionException e) {
      return false;
    }
  }

  /**
   * Ends all that go on.
   *
   * @param isCutShort whether answers that are on their way are waited for, as they would be paid
   *     for again
   */
  void end(boolean isCutShort) throws IOException, InterruptedException {
    try {
      if (isCutShort) {
        evaluating.awaitAnswers();
      }
      giveUpOthersThan(List.of());
    } finally {
      evaluating.end();
    }
  }
}
