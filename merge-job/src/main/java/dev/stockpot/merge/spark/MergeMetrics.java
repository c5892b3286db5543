package dev.stockpot.merge.spark;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.stockpot.merge.engine.ProcessTotals;
import dev.stockpot.merge.part.PartTimes;
import dev.stockpot.merge.storage.StoreRequests;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * What was done for merges since this JVM started, as Spark's metrics system shows it: on an
 * executor what that did, on the driver what all executors did, too, so that one endpoint tells.
 */
final class MergeMetrics {
  private MergeMetrics() {}

  static void registerDriver(MetricRegistry registry) {
    register(registry, "shards", ProcessTotals::shards);
    register(registry, "total.tasks", () -> TaskTotals.ofAll().tasks());
    times(registry, "total.", () -> TaskTotals.ofAll().times());
    requests(registry, "total.", () -> TaskTotals.ofAll().requests());
    requests(registry, "", ProcessTotals::requests);
  }

  static void registerExecutor(MetricRegistry registry) {
    register(registry, "tasks", ProcessTotals::tasks);
    times(registry, "", ProcessTotals::times);
    requests(registry, "", ProcessTotals::requests);
  }

  private static void times(MetricRegistry registry, String of, Supplier<PartTimes> times) {
    part(registry, of + "bytes.read", times, PartTimes::bytesRead);
    part(registry, of + "bytes.written", times, PartTimes::bytesWritten);
    millis(registry, of + "time.reading", times, PartTimes::reading);
    millis(registry, of + "time.waiting", times, PartTimes::waiting);
    millis(registry, of + "time.merging", times, PartTimes::merging);
    millis(registry, of + "time.uploading", times, PartTimes::writing);
  }

  private static void requests(
      MetricRegistry registry, String of, Supplier<StoreRequests> requests) {
    part(registry, of + "requests.get", requests, StoreRequests::gets);
    part(registry, of + "requests.put", requests, StoreRequests::puts);
    part(registry, of + "requests.all", requests, StoreRequests::all);
    part(registry, of + "requests.retries", requests, StoreRequests::retries);
  }

  private static void millis(
      MetricRegistry registry,
      String name,
      Supplier<PartTimes> times,
      ToLongFunction<PartTimes> nanos) {
    part(
        registry,
        name + ".millis",
        times,
        all -> TimeUnit.NANOSECONDS.toMillis(nanos.applyAsLong(all)));
  }

  private static <T> void part(
      MetricRegistry registry, String name, Supplier<T> whole, ToLongFunction<T> part) {
    register(registry, name, () -> part.applyAsLong(whole.get()));
  }

  private static void register(MetricRegistry registry, String name, Supplier<Long> value) {
    Gauge<Long> gauge = value::get;
    registry.register(name, gauge);
  }
}
