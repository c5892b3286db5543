package dev.stockpot.merge.run;

import dev.stockpot.merge.engine.FinishedParts;
import dev.stockpot.merge.part.PartResult;
import java.io.IOException;
import java.util.List;

/**
 * Hands parts to the merges that they are of. A driver that was taken for dead, and whose output
 * another merge goes on with, fails at what that has removed: it is to see it, and to end.
 */
record PartsOfMerges(List<PendingMerge> merges) implements FinishedParts {
  PartsOfMerges {
    merges = List.copyOf(merges);
  }

  @Override
  public void accept(int merge, PartResult part) throws IOException {
    merges.get(merge).accept(part);
  }

  @Override
  public void tryFailed() throws IOException {
    for (PendingMerge merge : merges) {
      merge.requireOurs();
    }
  }
}
