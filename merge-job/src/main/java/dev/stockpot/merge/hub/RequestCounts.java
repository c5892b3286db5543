package dev.stockpot.merge.hub;

import dev.stockpot.merge.storage.StoreRequests;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** What was asked of hubs and of those who serve their files, for one merge in this process. */
final class RequestCounts {
  /** A process may work for many merges, one after another. */
  private static final int MOST_MERGES = 64;

  private static final Map<String, RequestCounts> TASKS =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RequestCounts> eldest) {
          return size() > MOST_MERGES;
        }
      };

  private static final RequestCounts PROCESS = new RequestCounts();

  private final AtomicLong gets = new AtomicLong();
  private final AtomicLong all = new AtomicLong();
  private final AtomicLong retries = new AtomicLong();
  private StoreRequests taken = StoreRequests.NONE;

  /** Those of a merge's tasks in a process that is not its driver's. */
  static RequestCounts of(String merge) {
    synchronized (TASKS) {
      return TASKS.computeIfAbsent(merge, any -> new RequestCounts());
    }
  }

  static StoreRequests ofProcess() {
    return PROCESS.sum();
  }

  void asked(boolean isRange) {
    add(counts -> counts.counted(isRange));
  }

  void retried() {
    add(counts -> counts.retries.incrementAndGet());
  }

  private void counted(boolean isRange) {
    all.incrementAndGet();
    if (isRange) {
      gets.incrementAndGet();
    }
  }

  private void add(Consumer<RequestCounts> more) {
    more.accept(this);
    more.accept(PROCESS);
  }

  private StoreRequests sum() {
    return new StoreRequests(gets.get(), 0, all.get(), retries.get());
  }

  /** What was asked since this was called last. */
  synchronized StoreRequests take() {
    StoreRequests now = sum();
    StoreRequests since = now.minus(taken);
    taken = now;
    return since;
  }
}
