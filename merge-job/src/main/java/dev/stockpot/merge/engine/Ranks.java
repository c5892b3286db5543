package dev.stockpot.merge.engine;

import dev.stockpot.merge.plan.Factors;
import java.io.IOException;
import java.util.List;

/** Lets tasks find how many singular values are kept of changes, each as a matrix of its own. */
record Ranks(TaskPool pool, TaskRunner tasks, ScanProgress progress) {

  /** The ranks, in the order of the changes. */
  List<Integer> of(List<Factors> changes) throws IOException {
    Integer[] found = new Integer[changes.size()];
    long of = changes.stream().mapToLong(Ranks::bytesRead).sum();
    long[] read = {0};
    progress.scanned(0, of);
    new Rounds(pool, tasks)
        .<Factors, Integer>run(
            List.of(StageName.ranks(changes).of(changes)),
            (runs, work) -> runs.run("rank of " + work.name(), runner -> runner.rank(work)),
            (place, rank) -> {
              found[place] = rank;
              read[0] += bytesRead(changes.get(place));
              progress.scanned(read[0], of);
            });
    return List.of(found);
  }

  private static long bytesRead(Factors change) {
    return change.footprint(change.all()).bytesRead();
  }
}
