package dev.stockpot.merge.run;

import dev.stockpot.merge.trial.TrialRun;

/** What a user should know of trials, though nothing is wrong. */
record TrialNotices(MergeListener listener) {
  /** Points of a path that do not all find room at once. */
  void ifReadOften(long points, int room) {
    if (points - 1 > room) {
      listener.noticed(
          "%s points are made %s at a time, and the models read as often; candidates=%s makes them in one reading, and takes the room of as many models"
              .formatted(points, room, points));
    }
  }

  /**
   * Of several metrics there is a front, of which one is published: which one, and by what rule.
   */
  void whatWasPicked(TrialRun.Chosen chosen) {
    long front = chosen.trials().stream().filter(it -> it.get("front").isPresent()).count();
    if (front > 1) {
      listener.noticed(
          "%s of %s candidates are on the Pareto front, no other one is better by every metric: of these %s is merged, by `pick`. The manifest has the others"
              .formatted(front, chosen.trials().size(), chosen.what()));
    }
  }

  /** Trials that ended before there was nothing left to try. */
  void ifCutShort(TrialRun.Chosen chosen, long most) {
    if (chosen.isCutShort()) {
      listener.noticed(
          "`hours` were over after %s of at most %s candidates: the best of those was chosen"
              .formatted(chosen.trials().size(), most));
    }
  }

  /** Scores by which nothing was chosen, and warnings where those before may be luck. */
  void whatTestsSay(TrialRun.Chosen chosen) {
    chosen.warnings().forEach(listener::noticed);
    chosen.tests().forEach(test -> listener.noticed("test: " + test.inWords()));
  }
}
