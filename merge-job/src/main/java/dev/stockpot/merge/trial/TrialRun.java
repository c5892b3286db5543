package dev.stockpot.merge.trial;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.choose.Score;
import dev.stockpot.merge.evaluate.Candidate;
import dev.stockpot.merge.evaluate.EvaluationException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.storage.PendingFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs trials until the best is known. Candidates are made on the calling thread and evaluated on
 * others; the chooser hears of them in its own order, so that nothing hangs on which evaluation was
 * faster. What follows if nothing changes is evaluated ahead while there is room, and given up when
 * it does change.
 */
public final class TrialRun {
  private final TrialRecipe recipe;
  private final List<String> models;
  private final Candidates candidates;
  private final Kitchen kitchen;
  private final Scores scores;
  private final int ahead;
  private final Map<Point, Pending> pending = new LinkedHashMap<>();
  private final List<JsonObject> told = new ArrayList<>();
  private final long begin = System.nanoTime();

  /** A candidate whose evaluation goes on. */
  private record Pending(Kitchen.Order order, boolean isMade, Future<Trial> trial) {}

  /**
   * The best, and how it was found.
   *
   * @param recipe that makes it, as YAML
   * @param trial how it was scored
   * @param trials all of them in order, as a manifest has them
   * @param isCutShort whether time was up before there was nothing left to try
   */
  public record Chosen(String recipe, Trial trial, List<JsonObject> trials, boolean isCutShort) {}

  /**
   * Trials of a recipe.
   *
   * @param models as the recipe names them, patterns expanded
   * @param inputs what the bytes of candidates hang on beside their recipes: files of the models
   *     with their versions, and settings
   * @param seed for evaluators that draw
   * @param journal holds scores that were paid for
   * @param room how many candidates may lie on scratch at once
   */
  public TrialRun(
      TrialRecipe recipe,
      List<String> models,
      String inputs,
      long seed,
      Kitchen kitchen,
      PendingFolder journal,
      int room) {
    this.recipe = recipe;
    this.models = List.copyOf(models);
    this.candidates = new Candidates(recipe, models, inputs, seed);
    this.kitchen = kitchen;
    this.scores = new Scores(journal);
    boolean isSoup = recipe.plan() instanceof SoupPlan;
    this.ahead = Math.max(1, isSoup ? Math.min(recipe.parallel(), room) : room);
    if (recipe.plan() instanceof SoupPlan soup) {
      Optional<String> problem = soup.problemWith(models.size());
      problem.ifPresent(
          why -> {
            throw new UserException("This soup cannot be cooked: " + why);
          });
    }
  }

  /** How many scores are there from an earlier run. */
  public int known() {
    return scores.size();
  }

  /**
   * Tries until nothing is left to be tried, or time is up.
   *
   * @throws UserException if no candidate could be scored
   */
  public Chosen run() throws IOException, InterruptedException {
    Chooser chooser = recipe.plan().chooser(models.size());
    long most = recipe.evaluations(models.size());
    String lastFailure = "nothing was tried";
    ExecutorService evaluating = Executors.newFixedThreadPool(recipe.parallel(), TrialRun::thread);
    try {
      List<Point> upcoming = chooser.upcoming(ahead);
      while (!upcoming.isEmpty() && !isTimeUp()) {
        giveUpOthersThan(upcoming);
        begin(upcoming, evaluating);
        Point first = upcoming.get(0);
        boolean isKnown = !pending.containsKey(first);
        Trial trial = isKnown ? known(first).orElseThrow() : finish(first);
        requireErrors(trial);
        chooser.tell(trial.score());
        told.add(trial.json().without("seconds").with("verdict", chooser.verdict()));
        lastFailure = trial.failure().isEmpty() ? lastFailure : trial.failure();
        kitchen.tried(trial, told.size(), most, chooser.verdict(), isKnown);
        upcoming = chooser.upcoming(ahead);
      }
      return chosen(chooser, lastFailure, !upcoming.isEmpty());
    } finally {
      evaluating.shutdownNow();
      giveUpOthersThan(List.of());
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "stockpot-evaluation");
    thread.setDaemon(true);
    return thread;
  }

  private boolean isTimeUp() {
    return (System.nanoTime() - begin) / 3.6e12 > recipe.hours();
  }

  private Chosen chosen(Chooser chooser, String lastFailure, boolean isCutShort) {
    Chooser.Choice best =
        chooser
            .best()
            .orElseThrow(
                () ->
                    new UserException(
                        "None of %s candidates could be scored. The last one: %s"
                            .formatted(told.size(), lastFailure)));
    return new Chosen(
        candidates.order(best.point()).recipe(),
        known(best.point()).orElseThrow(),
        List.copyOf(told),
        isCutShort);
  }

  /** Starts what is neither known nor under way; candidates that need it are made first. */
  private void begin(List<Point> upcoming, ExecutorService evaluating) throws IOException {
    List<Point> wanted = new ArrayList<>();
    List<Kitchen.Order> orders = new ArrayList<>();
    for (Point point : upcoming) {
      boolean isNew =
          !pending.containsKey(point) && known(point).isEmpty() && !wanted.contains(point);
      if (isNew && candidates.isMade(point)) {
        wanted.add(point);
        orders.add(candidates.order(point));
      } else if (isNew) {
        submit(point, candidates.order(point), candidates.original(point), false, evaluating);
      }
    }
    if (recipe.plan() instanceof SearchPlan && !orders.isEmpty()) {
      List<String> places = kitchen.make(orders); // one reading
      for (int i = 0; i < orders.size(); i++) {
        submit(wanted.get(i), orders.get(i), places.get(i), true, evaluating);
      }
      return;
    }
    for (int i = 0; i < orders.size(); i++) { // each is evaluated while the next one is made
      String place = kitchen.make(List.of(orders.get(i))).get(0);
      submit(wanted.get(i), orders.get(i), place, true, evaluating);
    }
  }

  private void submit(
      Point point, Kitchen.Order order, String place, boolean isMade, ExecutorService evaluating) {
    Candidate candidate = candidates.at(place, point);
    pending.put(
        point, new Pending(order, isMade, evaluating.submit(() -> evaluate(point, candidate))));
  }

  private Trial evaluate(Point point, Candidate candidate) throws InterruptedException {
    long start = System.nanoTime();
    Score score = Score.FAILED;
    Map<String, Double> measures = Map.of();
    String failure = "";
    try {
      Judges.Verdict verdict = recipe.judges().ask(candidate);
      score = verdict.score();
      measures = verdict.measures();
    } catch (EvaluationException e) {
      failure = e.getMessage();
    }
    double seconds = Math.rint((System.nanoTime() - start) / 1e6) / 1e3;
    String what = recipe.plan().described(point, models);
    return new Trial(candidate.id(), point, what, score, measures, failure, seconds);
  }

  /** Waits for an evaluation and writes it down; a failed one may be tried again in another run. */
  private Trial finish(Point point) throws IOException, InterruptedException {
    Pending evaluation = pending.get(point);
    Trial trial;
    try {
      trial = evaluation.trial().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an evaluator failed", e.getCause());
    }
    scores.keep(candidates.key(point), trial);
    pending.remove(point);
    if (evaluation.isMade()) {
      kitchen.remove(evaluation.order());
    }
    return trial;
  }

  /** Ends evaluations that nobody needs any more; what is finished is kept all the same. */
  private void giveUpOthersThan(List<Point> upcoming) throws IOException, InterruptedException {
    for (Point point : List.copyOf(pending.keySet())) {
      if (upcoming.contains(point)) {
        continue;
      }
      Pending evaluation = pending.get(point);
      if (evaluation.trial().isDone()) {
        finish(point);
        continue;
      }
      pending.remove(point);
      evaluation.trial().cancel(true);
      if (evaluation.isMade()) {
        kitchen.remove(evaluation.order());
      }
    }
  }

  private void requireErrors(Trial trial) {
    if (recipe.plan().needsErrors()
        && !trial.score().isFailed()
        && trial.score().standardError().isEmpty()) {
      throw new UserException(
          "`accept: {z: …}` compares gains with standard errors, and the evaluator told none of %s. Let it print one, {\"score\": 0.8, \"score_stderr\": 0.01}, or accept by `greater`"
              .formatted(trial.what()));
    }
  }

  private Optional<Trial> known(Point point) {
    return scores.of(candidates.key(point));
  }
}
