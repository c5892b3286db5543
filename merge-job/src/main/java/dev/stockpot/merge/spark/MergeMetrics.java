package dev.stockpot.merge.spark;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.stockpot.merge.engine.ProcessTotals;
import dev.stockpot.merge.part.PartTimes;
import dev.stockpot.merge.storage.StoreRequests;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** What this JVM did for merges since it started, as Spark's metrics system shows it. */
final class MergeMetrics {
  private MergeMetrics() {}

  static void registerDriver(MetricRegistry registry) {
    register(registry, "shards", ProcessTotals::shards);
    requests(registry);
  }

  static void registerExecutor(MetricRegistry registry) {
    register(registry, "tasks", ProcessTotals::tasks);
    times(registry, "bytes.read", PartTimes::bytesRead);
    times(registry, "bytes.written", PartTimes::bytesWritten);
    millis(registry, "time.reading", PartTimes::reading);
    millis(registry, "time.waiting", PartTimes::waiting);
    millis(registry, "time.merging", PartTimes::merging);
    millis(registry, "time.uploading", PartTimes::writing);
    requests(registry);
  }

  private static void requests(MetricRegistry registry) {
    requests(registry, "requests.get", StoreRequests::gets);
    requests(registry, "requests.put", StoreRequests::puts);
    requests(registry, "requests.all", StoreRequests::all);
    requests(registry, "requests.retries", StoreRequests::retries);
  }

  private static void requests(
      MetricRegistry registry, String name, ToLongFunction<StoreRequests> count) {
    register(registry, name, () -> count.applyAsLong(ProcessTotals.requests()));
  }

  private static void millis(
      MetricRegistry registry, String name, ToLongFunction<PartTimes> nanos) {
    times(
        registry,
        name + ".millis",
        times -> TimeUnit.NANOSECONDS.toMillis(nanos.applyAsLong(times)));
  }

  private static void times(MetricRegistry registry, String name, ToLongFunction<PartTimes> value) {
    register(registry, name, () -> value.applyAsLong(ProcessTotals.times()));
  }

  private static void register(MetricRegistry registry, String name, Supplier<Long> value) {
    Gauge<Long> gauge = value::get;
    registry.register(name, gauge);
  }
}
