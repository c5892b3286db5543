package dev.stockpot.merge.engine;

import dev.stockpot.merge.part.FileDigests;
import dev.stockpot.merge.part.PartResult;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Parts that one Spark task makes one after the other: mostly one, or all of a shard where its
 * SHA-256 is wanted, since that is of all bytes in their order.
 */
record PartSeries(List<PartJob> jobs, boolean isDigested) implements Serializable {
  PartSeries {
    jobs = List.copyOf(jobs);
  }

  /** What came of each file of each part, in order. */
  List<PartResult> run(TaskRunner runs) throws Exception {
    Optional<FileDigests> digests =
        isDigested ? Optional.of(new FileDigests()) : Optional.empty();
    List<PartResult> results = new ArrayList<>();
    for (PartJob job : jobs) {
      results.addAll(
          runs.run(
              job.name(),
              job.memory(),
              runner -> runner.run(job.tasks(), job.tickets(), digests)));
    }
    return results;
  }
}
