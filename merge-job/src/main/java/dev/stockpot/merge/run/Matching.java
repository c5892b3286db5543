package dev.stockpot.merge.run;

import dev.stockpot.merge.align.Match;
import dev.stockpot.merge.align.Matched;
import dev.stockpot.merge.engine.MergeTasks;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Who matches units of models, if that is to be done now. */
interface Matching {
  /** Where a merge is only planned, or what it takes is not there yet. */
  Matching NOT_YET = matches -> Optional.empty();

  /** What is found of each; nothing where nobody looks yet. */
  Optional<List<Matched>> found(List<Match> matches) throws IOException;

  /** By tasks, once for each list of matches: a recipe may be planned several times. */
  static Matching by(Supplier<MergeTasks> tasks) {
    Map<List<Match>, List<Matched>> known = new HashMap<>();
    return matches -> {
      if (!known.containsKey(matches)) {
        known.put(matches, tasks.get().match(matches));
      }
      return Optional.of(known.get(matches));
    };
  }
}
