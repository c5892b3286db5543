package dev.stockpot.merge.engine;

import dev.stockpot.merge.plan.PartFile;
import dev.stockpot.merge.storage.PartTicket;

/** Gives tickets. */
@FunctionalInterface
public interface Tickets {
  /** Where a file of a part goes, given the place of its merge. */
  PartTicket of(int merge, PartFile file);
}
