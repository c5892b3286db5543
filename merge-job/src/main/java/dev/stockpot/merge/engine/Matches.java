package dev.stockpot.merge.engine;

import dev.stockpot.merge.align.Match;
import dev.stockpot.merge.align.Matched;
import dev.stockpot.merge.part.PartRunner;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Lets tasks match units: a task for each match that takes long, for several of the others. */
record Matches(TaskPool pool, TaskRunner tasks) {
  /** About a second's work: a task costs some milliseconds. */
  private static final double LEAST_OPERATIONS = 4e9;

  /**
   * Consecutive matches.
   *
   * @param first place of the first one among all
   */
  private record Bundle(int first, List<Match> matches) implements Serializable {
    List<Matched> run(PartRunner runner) throws IOException {
      List<Matched> found = new ArrayList<>();
      for (Match match : matches) {
        found.add(runner.match(match));
      }
      return found;
    }
  }

  /** What was found of each, in their order. */
  List<Matched> all(List<Match> matches) throws IOException {
    List<Bundle> bundles = bundles(matches);
    Matched[] found = new Matched[matches.size()];
    new Rounds(pool, tasks)
        .<Bundle, List<Matched>>run(
            List.of(StageName.matches(matches).of(bundles)),
            (runs, bundle) ->
                runs.run("matching of " + bundle.matches().get(0).name(), bundle::run),
            (place, ofBundle) -> {
              for (int i = 0; i < ofBundle.size(); i++) {
                found[bundles.get(place).first() + i] = ofBundle.get(i);
              }
            });
    return List.of(found);
  }

  private static List<Bundle> bundles(List<Match> matches) {
    List<Bundle> bundles = new ArrayList<>();
    int first = 0;
    double operations = 0;
    for (int place = 0; place < matches.size(); place++) {
      operations += matches.get(place).working().operations();
      if (operations >= LEAST_OPERATIONS || place + 1 == matches.size()) {
        bundles.add(new Bundle(first, List.copyOf(matches.subList(first, place + 1))));
        first = place + 1;
        operations = 0;
      }
    }
    return bundles;
  }
}
