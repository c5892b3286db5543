package dev.stockpot.kernels.rapids;

import dev.stockpot.kernels.Block;
import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.method.MethodRun;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * How fast a GPU copies, converts and merges, beside the CPU's lanes. A plain program, as one call
 * on a machine that is lent for minutes has to tell all: {@code benchmarks/gpu.sh}. It checks that
 * both give the same bytes.
 *
 * <p>Arguments: the binary logarithm of the least and of the largest number of elements.
 */
final class GpuBenchmark {
  private static final int REPEATS = 3;
  private static final int MODELS = 4;
  private static final long PINNED = 12L << 30;

  private final RapidsProvider gpu = new RapidsProvider(new GpuSettings(2, PINNED), GpuTask.NONE);
  private final KernelProvider cpu = new VectorProvider();
  private final BufferAllocator memory = new RootAllocator();
  private final List<ArrowBuf> buffers = new ArrayList<>();

  private GpuBenchmark() {}

  public static void main(String[] args) throws Exception {
    GpuBenchmark benchmark = new GpuBenchmark();
    Optional<String> obstacle = benchmark.gpu.obstacle();
    if (obstacle.isPresent()) {
      System.err.println("Not measured: " + obstacle.get());
      System.exit(1);
    }
    System.out.println("# " + benchmark.gpu.machine());
    System.out.println("| what | elements | GB/s GPU | GB/s CPU, one core |");
    System.out.println("| --- | ---: | ---: | ---: |");
    for (int log = Integer.parseInt(args[0]); log <= Integer.parseInt(args[1]); log += 2) {
      benchmark.run(1 << log);
    }
  }

  private void run(int count) throws Exception {
    try {
      copies(count);
      for (DType type : List.of(DType.BF16, DType.F16, DType.F32)) {
        Operand in = operand(true, type, count, 1);
        Operand out = operand(true, type, count, 2);
        compare(
            "load and store " + type,
            count,
            2L * count * type.bytes(),
            List.of(in),
            out,
            Copy::new);
      }
      List<Operand> models = new ArrayList<>();
      for (int i = 0; i <= MODELS; i++) {
        models.add(operand(true, DType.BF16, count, i));
      }
      Operand out = operand(true, DType.BF16, count, 9);
      long bytes = 2L * count * (MODELS + 1);
      compare("linear of 4, BF16", count, bytes, models, out, Linear::new);
      for (MethodRun method : MethodRun.all()) {
        if (!method.hasRows()) {
          compare(method, count, models.subList(0, method.inputs()), out);
        }
      }
      overlap(count, models);
    } finally {
      buffers.forEach(ArrowBuf::close);
      buffers.clear();
    }
  }

  /** Host to device and back, of pinned and of plain memory. */
  private void copies(int count) {
    for (boolean pinned : new boolean[] {true, false}) {
      Operand host = operand(pinned, DType.F32, count, 1);
      gpu.open().close(); // sets up the GPU
      Device device = new CudfDevice((PinnedMemory) gpu.hostMemory());
      double up = Double.MAX_VALUE;
      double down = Double.MAX_VALUE;
      for (int i = 0; i < REPEATS; i++) {
        long start = System.nanoTime();
        Column column = device.upload(host.buffer(), 0, ColumnType.FLOAT32, count);
        long between = System.nanoTime();
        device.download(column, host.buffer(), 0);
        up = Math.min(up, seconds(start, between));
        down = Math.min(down, seconds(between, System.nanoTime()));
        column.close();
      }
      String kind = pinned ? "pinned" : "plain";
      row("copy to GPU, " + kind, count, 4L * count / up, Double.NaN);
      row("copy from GPU, " + kind, count, 4L * count / down, Double.NaN);
      device.close();
    }
  }

  /** Two threads with a merge each against one with both: what copies and kernels overlap. */
  private void overlap(int count, List<Operand> models) throws Exception {
    Operand first = operand(true, DType.BF16, count, 1);
    Operand second = operand(true, DType.BF16, count, 2);
    double alone = fastest(() -> merge(gpu, count, models, first, Linear::new));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    double both =
        fastest(
            () -> {
              List<Callable<Void>> tasks =
                  List.of(
                      () -> merge(gpu, count, models, first, Linear::new),
                      () -> merge(gpu, count, models, second, Linear::new));
              for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
              }
              return null;
            });
    threads.shutdown();
    System.out.printf(
        "| linear of 4, two tasks at once beside one: %.2f times the rate | %d | | |%n",
        2 * alone / both, count);
  }

  /** A program over the algebra, without the job around it. */
  private interface Program {
    <V> void run(Kernels<V> kernels, List<V> vectors, List<Operand> inputs, Operand output);
  }

  @FunctionalInterface
  private interface Maker {
    Program make();
  }

  private static final class Copy implements Program {
    @Override
    public <V> void run(Kernels<V> kernels, List<V> vectors, List<Operand> inputs, Operand output) {
      kernels.load(inputs.get(0), vectors.get(0));
      kernels.store(vectors.get(0), output);
    }
  }

  private static final class Linear implements Program {
    @Override
    public <V> void run(Kernels<V> kernels, List<V> vectors, List<Operand> inputs, Operand output) {
      V sum = vectors.get(0);
      kernels.zero(sum);
      for (Operand input : inputs) {
        kernels.addScaled(input, 0.2f, sum);
      }
      kernels.store(sum, output);
    }
  }

  private void compare(
      String what, int count, long bytes, List<Operand> inputs, Operand output, Maker maker)
      throws Exception {
    compare(what, count, bytes, output, provider -> merge(provider, count, inputs, output, maker));
  }

  private void compare(MethodRun method, int count, List<Operand> inputs, Operand output)
      throws Exception {
    long bytes = 2L * count * inputs.size();
    compare(
        "%s, %s inputs, BF16".formatted(method.method(), inputs.size()),
        count,
        bytes,
        output,
        provider -> {
          method.run(provider, inputs, output);
          return null;
        });
  }

  private void compare(
      String what, int count, long bytes, Operand output, Function<KernelProvider, Void> work)
      throws Exception {
    double onGpu = fastest(() -> work.apply(gpu));
    int ofGpu = output.buffer().nioBuffer(0, count * output.dtype().bytes()).hashCode();
    double onCpu = fastest(() -> work.apply(cpu));
    int ofCpu = output.buffer().nioBuffer(0, count * output.dtype().bytes()).hashCode();
    row(what + (ofGpu == ofCpu ? "" : ": BYTES DIFFER"), count, bytes / onGpu, bytes / onCpu);
  }

  private static Void merge(
      KernelProvider provider, int count, List<Operand> inputs, Operand output, Maker maker) {
    try (Kernels<?> kernels = provider.open()) {
      merge(kernels, count, inputs, output, maker.make());
    }
    return null;
  }

  private static <V> void merge(
      Kernels<V> kernels, int count, List<Operand> inputs, Operand output, Program program) {
    List<V> vectors = new ArrayList<>();
    vectors.add(kernels.vector());
    Block.each(
        0,
        count,
        kernels.capacity(),
        block -> {
          kernels.begin(block);
          program.run(kernels, vectors, inputs, output);
        });
  }

  private Operand operand(boolean pinned, DType type, int count, long seed) {
    long bytes = (long) count * type.bytes();
    ArrowBuf buffer = pinned ? gpu.hostMemory().buffer(memory, bytes) : memory.buffer(bytes);
    buffers.add(buffer);
    Operand operand = new Operand(buffer, type, count);
    SplittableRandom random = new SplittableRandom(seed);
    for (long at = 0; at < bytes; at += Short.BYTES) {
      // as BF16 about a weight's size, and never NaN in any type
      buffer.setShort(at, 0x3C00 + random.nextInt(256) + (random.nextInt(2) << 15));
    }
    return operand;
  }

  private static double fastest(Callable<Void> work) throws Exception {
    double fastest = Double.MAX_VALUE;
    for (int i = 0; i < REPEATS; i++) {
      long start = System.nanoTime();
      work.call();
      fastest = Math.min(fastest, seconds(start, System.nanoTime()));
    }
    return fastest;
  }

  private static double seconds(long start, long end) {
    return (end - start) / 1e9;
  }

  private static void row(String what, int count, double gpuRate, double cpuRate) {
    System.out.printf("| %s | %d | %.1f | %.1f |%n", what, count, gpuRate / 1e9, cpuRate / 1e9);
  }
}
