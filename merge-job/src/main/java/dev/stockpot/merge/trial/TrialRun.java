package dev.stockpot.merge.trial;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.evaluate.EvaluationException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.storage.PendingFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Runs trials until the best is known. The chooser hears of candidates in its own order, so that
 * nothing hangs on which evaluation was faster. What follows if nothing changes is evaluated ahead
 * while there is room, and given up when it does change.
 */
public final class TrialRun {
  private final TrialRecipe recipe;
  private final List<String> models;
  private final Candidates candidates;
  private final Kitchen kitchen;
  private final Scores scores;
  private final Answers answers;
  private final int ahead;
  private final Chooser chooser;
  private final Heard heard;
  private final StateLog states;
  private final long begin = System.nanoTime();

  /**
   * The best, and how it was found.
   *
   * @param recipe that makes it, as YAML
   * @param what it is, in words
   * @param trials all of them in order, as a manifest has them
   * @param tests scores by which nothing was chosen: of the best, and of what it is better than
   * @param alternatives to the choice, where the recipe names an ensemble of the same models
   * @param warnings why the choice may be luck, and why alternatives may not compare
   * @param state where a search stands at its end, if it keeps one
   * @param isCutShort whether time was up before there was nothing left to try
   */
  public record Chosen(
      String recipe,
      String what,
      List<JsonObject> trials,
      List<Trial> tests,
      List<JsonObject> alternatives,
      List<String> warnings,
      Optional<JsonObject> state,
      boolean isCutShort) {}

  /**
   * A candidate that waits for its score.
   *
   * @param candidate its name, the same for the same bytes
   * @param model where it lies
   * @param what it is in words
   * @param recipe that makes it, as YAML
   * @param budget how many examples it is to be scored on; 0 for all
   */
  public record Question(String candidate, String model, String what, String recipe, int budget) {}

  /**
   * Trials of a recipe.
   *
   * @param ingredients models that candidates are made of
   * @param layerScores of these models, if a search begins where they say
   * @param seed for evaluators that draw
   * @param journal holds scores that were paid for
   * @param cache holds scores of other trials
   * @param room how many candidates may lie on scratch at once
   */
  public TrialRun(
      TrialRecipe recipe,
      Ingredients ingredients,
      LayerScores layerScores,
      long seed,
      Kitchen kitchen,
      PendingFolder journal,
      Optional<PendingFolder> cache,
      int room)
      throws IOException {
    this.recipe = recipe;
    this.models = ingredients.names();
    this.candidates = new Candidates(recipe, models, kitchen, seed);
    this.kitchen = kitchen;
    this.scores = new Scores(journal, cache);
    this.answers = new Answers(journal);
    this.ahead = Math.max(1, recipe.plan().ahead(recipe.parallel(), room));
    recipe.requireFits(ingredients);
    this.chooser = recipe.plan().knowing(layerScores).chooser(models.size());
    this.heard = new Heard(recipe.plan());
    this.states = new StateLog(chooser, journal);
  }

  /** How many candidates are asked for at once, if nobody says. */
  public int ahead() {
    return ahead;
  }

  /** How many scores are there from an earlier run. */
  public int known() {
    return recipe.isScoredHere() ? scores.own() : answers.size();
  }

  /**
   * Tries until nothing is left to be tried, or time is up.
   *
   * @throws UserException if no candidate could be scored, or scores are to be told first
   */
  public Chosen run() throws IOException, InterruptedException {
    if (!recipe.isScoredHere()) {
      List<Point> open = hearWhatIsKnown(1);
      if (!open.isEmpty()) {
        throw new UserException(
            "%s candidates are scored, and more wait for a score, %s first. Name them with `stockpot ask`, and tell their scores with `stockpot tell`"
                .formatted(heard.size(), recipe.plan().described(open.get(0), models)));
      }
      return chosen(/* isCutShort= */ false);
    }
    Evaluations evaluations = new Evaluations(recipe, models, candidates, kitchen, scores);
    boolean isDone = false;
    try {
      List<Point> upcoming = chooser.upcoming(ahead);
      while (!upcoming.isEmpty() && (heard.isEmpty() || !isTimeUp())) {
        evaluations.goOnWith(upcoming, states.hash());
        Point first = upcoming.get(0);
        boolean isKnown = !evaluations.isPending(first);
        hear(isKnown ? known(first).orElseThrow() : evaluations.finish(first), isKnown);
        if (!isKnown) {
          states.note();
        }
        upcoming = chooser.upcoming(ahead);
      }
      isDone = true;
      return chosen(!upcoming.isEmpty());
    } finally {
      evaluations.end(/* isCutShort= */ !isDone);
    }
  }

  /**
   * Makes what is to be scored next; the first of it is certain, the rest follows if nothing
   * changes.
   *
   * @param most at least 1
   * @return nothing if all is scored, so that a merge can choose
   */
  public List<Question> ask(int most) throws IOException {
    List<Point> open = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Point point : hearWhatIsKnown(most)) { // other points may be the same candidate
      if (known(point).isEmpty() && ids.add(candidates.order(point).id())) {
        open.add(point);
      }
    }
    Map<Point, String> made = new HashMap<>();
    for (List<Point> reading :
        recipe.plan().readings(open.stream().filter(candidates::isMade).toList())) {
      List<String> places = kitchen.make(reading.stream().map(candidates::order).toList());
      for (int i = 0; i < places.size(); i++) {
        made.put(reading.get(i), places.get(i));
      }
    }
    states.note();
    List<Question> questions = new ArrayList<>();
    for (Point point : open) {
      Kitchen.Order order = candidates.order(point);
      String place =
          made.containsKey(point) ? made.get(point) : candidates.original(point, kitchen);
      String what = recipe.plan().described(point, models);
      answers.ask(order.id(), what);
      questions.add(new Question(order.id(), place, what, order.recipe(), point.budget()));
    }
    return questions;
  }

  /** What is upcoming once the chooser has heard all that is known. */
  private List<Point> hearWhatIsKnown(int most) throws IOException {
    List<Point> upcoming = chooser.upcoming(most);
    Optional<Trial> first = upcoming.isEmpty() ? Optional.empty() : known(upcoming.get(0));
    while (first.isPresent()) {
      String key = candidates.key(upcoming.get(0));
      if (recipe.isShared() && !first.get().score().isFailed() && scores.of(key).isEmpty()) {
        scores.keep(key, first.get()); // for the soups of other nights, too
      }
      hear(first.get(), /* isKnown= */ true);
      upcoming = chooser.upcoming(most);
      first = upcoming.isEmpty() ? Optional.empty() : known(upcoming.get(0));
    }
    return upcoming;
  }

  private void hear(Trial trial, boolean isKnown) {
    requireErrors(trial);
    recipe
        .plan()
        .problemWith(trial.score())
        .ifPresent(
            why -> {
              throw new UserException("%s: %s".formatted(trial.what(), why));
            });
    Point upcoming = chooser.upcoming(1).get(0);
    Optional<Gain> gain =
        upcoming.budget() == 0 && !recipe.isPath()
            ? chooser.best().flatMap(best -> Gain.of(trial.score(), best.score()))
            : Optional.empty();
    Trial drawn = trial.inState(states.hash()); // a score from elsewhere may be of another search
    chooser.tell(trial.score());
    heard.add(upcoming, drawn, chooser.verdict(), gain);
    long most = recipe.evaluations(models.size());
    kitchen.tried(trial, heard.size(), most, chooser.verdict(), gain, isKnown);
  }

  private boolean isTimeUp() {
    return (System.nanoTime() - begin) / 3.6e12 > recipe.hours();
  }

  private Chosen chosen(boolean isCutShort) throws IOException, InterruptedException {
    Chooser.Choice best = chooser.best().orElseThrow(() -> new UserException(heard.whyNothing()));
    Afterwards afterwards = new Afterwards(recipe, models, candidates, kitchen, scores, heard);
    return new Chosen(
        candidates.order(best.point()).recipe(),
        recipe.plan().described(best.point(), models),
        heard.rows(chooser.front()),
        afterwards.tests(best.point()),
        afterwards.alternatives(best.point()),
        Stream.concat(heard.noise(best).stream(), afterwards.warning().stream()).toList(),
        states.json(),
        isCutShort);
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
    Optional<Trial> told = recipe.isScoredHere() ? Optional.empty() : told(point);
    boolean mayBeKnown = recipe.isScoredHere() || recipe.isShared();
    return told.isEmpty() && mayBeKnown ? scores.of(candidates.key(point)) : told;
  }

  private Optional<Trial> told(Point point) {
    String id = candidates.order(point).id();
    Optional<Told> answer = answers.of(id).map(Told::of);
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    String what = recipe.plan().described(point, models);
    try {
      return Optional.of(
          answer
              .get()
              .verdict(recipe.judges())
              .map(verdict -> Trial.scored(id, point, what, verdict, 0))
              .orElseGet(
                  () -> Trial.failed(id, point, what, answer.get().failure().orElseThrow(), 0)));
    } catch (EvaluationException e) { // the recipe wants another metric by now
      throw new UserException(
          "What was told of %s (%s) has not what `evaluate` asks for: %s. Tell it again"
              .formatted(id, what, e.getMessage()),
          e);
    }
  }
}
