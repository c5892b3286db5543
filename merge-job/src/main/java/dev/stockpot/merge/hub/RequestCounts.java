package dev.stockpot.merge.hub;

import dev.stockpot.merge.storage.StoreRequests;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** What was asked of hubs and of those who serve their files, for one merge in this process. */
final class RequestCounts {
  private static final Map<String, RequestCounts> ALL = new ConcurrentHashMap<>();
  private static final RequestCounts PROCESS = new RequestCounts();

  private final AtomicLong gets = new AtomicLong();
  private final AtomicLong all = new AtomicLong();
  private final AtomicLong retries = new AtomicLong();
  private StoreRequests taken = StoreRequests.NONE;

  private RequestCounts() {}

  /** Those of a merge. */
  static RequestCounts of(String merge) {
    return ALL.computeIfAbsent(merge, any -> new RequestCounts());
  }

  /** Gives up those of a merge that is over. */
  static void forget(String merge) {
    ALL.remove(merge);
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
