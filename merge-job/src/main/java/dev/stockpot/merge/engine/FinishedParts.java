package dev.stockpot.merge.engine;

import dev.stockpot.merge.part.PartResult;
import java.io.IOException;

/** Takes finished parts. */
@FunctionalInterface
public interface FinishedParts {
  void accept(int merge, PartResult result) throws IOException;

  /** A try of some task failed; throws if there is no sense in another. */
  default void tryFailed() throws IOException {}
}
