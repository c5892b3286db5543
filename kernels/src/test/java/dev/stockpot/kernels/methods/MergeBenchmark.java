package dev.stockpot.kernels.methods;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Providers;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast one core merges a tensor: all scans and the merge, chunk by chunk. Run with {@code
 * benchmarks/kernels.sh MergeBenchmark}; read the lines {@code gigabytes}: GB/s of the inputs, each
 * byte counted once however often a method reads it. The copy of the same bytes is the roof.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-XX:MaxDirectMemorySize=2g") // 1.2 GB are needed
public class MergeBenchmark {

  /** Counts bytes beside JMH's own count of calls. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Traffic {
    public double gigabytes;
  }

  /** Who merges, and by what method. */
  @State(Scope.Thread)
  public static class Method {
    @Param({
      "linear",
      "uniform_soup",
      "task_arithmetic",
      "ties",
      "dare_linear",
      "dare_ties",
      "della",
      "breadcrumbs",
      "breadcrumbs_ties",
      "sce",
      "slerp",
      "nuslerp",
      "multislerp",
      "karcher",
      "model_stock",
      "nearswap",
      "arcee_fusion",
      "median",
      "trimmed_mean",
      "geometric_median",
      "multi_krum",
      "magmax",
      "lines",
      "consensus",
      "emr",
      "ram",
      "ramplus_tl"
    })
    public String method;

    @Param("vector")
    public String provider;

    private static final int COLUMNS = 4_096;

    private KernelProvider kernels;
    private MergeProgram program;

    @Setup
    public void prepare(ChunkedInputs inputs) {
      kernels = Providers.forced(provider, List.of(new VectorProvider(), new ScalarProvider()));
      program = terms().program();
      inputs.use(terms().build().models().size());
    }

    private Terms terms() {
      Terms terms = Terms.of(method, ChunkedInputs.ELEMENTS);
      terms.shape(ChunkedInputs.ELEMENTS / COLUMNS, COLUMNS);
      switch (method) {
        case "linear" -> terms.model("weight", 0.5).model("weight", 0.3).model("weight", 0.2);
        case "median", "trimmed_mean", "karcher", "uniform_soup", "geometric_median" ->
            terms.model().model().model();
        case "multi_krum" -> terms.model().model().model().merge("f", 0.0);
        case "multislerp" -> terms.model("weight", 1.0).model("weight", 2.0).model("weight", 1.0);
        case "nuslerp" -> terms.base().model("weight", 0.5).model("weight", 0.3);
        case "nearswap" -> terms.base().model().merge("t", 0.001);
        case "lines" ->
            terms
                .base()
                .model("weight", 0.5)
                .model("weight", 0.3)
                .model("weight", 0.2)
                .merge("alpha", 0.3, "beta", 0.5);
        case "model_stock", "magmax", "consensus", "emr", "ram", "ramplus_tl" ->
            terms.base().model().model().model();
        case "slerp" -> terms.base().model().merge("t", 0.4);
        case "arcee_fusion" -> terms.base().model();
        case "sce" -> terms.base().model().model().model().merge("select_topk", 0.5);
        default ->
            terms
                .base()
                .model("weight", 0.5, "density", 0.5)
                .model("weight", 0.3, "density", 0.5)
                .model("weight", 0.2, "density", 0.5);
      }
      return terms;
    }

    @TearDown
    public void check(ChunkedInputs inputs) {
      byte[] measured = inputs.merged();
      inputs.merge(new ScalarProvider(), program);
      if (!Arrays.equals(measured, inputs.merged())) {
        throw new IllegalStateException(method + " differs from the scalar kernels' result");
      }
    }
  }

  @Benchmark
  public void merge(Method method, ChunkedInputs inputs, Traffic traffic) {
    inputs.merge(method.kernels, method.program);
    traffic.gigabytes += inputs.bytes() / 1e9;
  }

  @Benchmark
  public void copy(ChunkedInputs inputs, Traffic traffic) {
    inputs.copy();
    traffic.gigabytes += inputs.bytes() / 1e9;
  }
}
