package dev.stockpot.merge.engine;

import dev.stockpot.merge.part.PartTimes;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.StoreRequests;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What this JVM did for all merges since it started: what a metrics system shows. What one merge
 * did is told by its {@link MergeTasks#totals}.
 */
public final class ProcessTotals {
  private static final AtomicReference<PartTimes> TIMES = new AtomicReference<>(PartTimes.NONE);
  private static final AtomicLong TASKS = new AtomicLong();
  private static final AtomicLong SHARDS = new AtomicLong();
  private static final AtomicReference<ObjectStore> STORE = new AtomicReference<>();

  private ProcessTotals() {}

  /** A task ended well. */
  static void finishedTask(PartTimes times) {
    TASKS.incrementAndGet();
    TIMES.accumulateAndGet(times, PartTimes::plus);
  }

  static void finishedShard() {
    SHARDS.incrementAndGet();
  }

  /** A store that is in use; any will do, because each knows the requests of the process. */
  static void uses(ObjectStore store) {
    STORE.set(store);
  }

  public static PartTimes times() {
    return TIMES.get();
  }

  public static long tasks() {
    return TASKS.get();
  }

  public static long shards() {
    return SHARDS.get();
  }

  /** To remote stores. */
  public static StoreRequests requests() {
    ObjectStore store = STORE.get();
    return store == null ? StoreRequests.NONE : store.requests();
  }
}
