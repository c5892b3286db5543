package dev.stockpot.kernels;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast this machine copies memory that is too large for its caches: the roof over every
 * element-wise kernel. Run with {@code benchmarks/kernels.sh MemoryCopyBenchmark}; read the line
 * {@code gigabytes}, in GB/s.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "-XX:MaxDirectMemorySize=1g")
@State(Scope.Thread)
public class MemoryCopyBenchmark {
  private static final int BYTES = 256 << 20;

  private final ByteBuffer from = ByteBuffer.allocateDirect(BYTES);
  private final ByteBuffer to = ByteBuffer.allocateDirect(BYTES);

  /** Counts bytes beside JMH's own count of calls. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Traffic {
    public double gigabytes;
  }

  @Setup
  public void fill() {
    for (int i = 0; i < BYTES; i += Long.BYTES) {
      from.putLong(i, i * 0x9E3779B97F4A7C15L);
    }
  }

  @Benchmark
  public void copy(Traffic traffic) {
    to.clear().put(from.clear());
    traffic.gigabytes += BYTES / 1e9;
  }

  @TearDown
  public void check() {
    if (to.clear().mismatch(from.clear()) != -1) {
      throw new IllegalStateException("the copy differs from its source");
    }
  }
}
