package dev.stockpot.kernels.rapids;

import dev.stockpot.kernels.HostMemory;
import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.methods.MethodRun;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.rapids.cudf.CudfProvider;
import dev.stockpot.kernels.rapids.cudf.Gpu;
import dev.stockpot.kernels.rapids.cudf.GpuSettings;
import dev.stockpot.kernels.rapids.cudf.GpuTask;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * How fast a GPU copies, computes and merges, beside the CPU's lanes: {@code benchmarks/gpu.sh}. A
 * plain program, as one call on a machine that is lent for minutes has to tell all: what matters
 * most comes first, and nothing is begun once the time is up. Merges are checked: both give the
 * same bytes.
 *
 * <p>Arguments: the binary logarithms of the elements of a tensor and of the most elements that are
 * merged in a row, and the seconds that it may take.
 */
final class GpuBenchmark {
  private static final int REPEATS = 3;
  private static final long PINNED = 12L << 30;

  /** Different tensors; more of them are the same again. */
  private static final int TENSORS = 4;

  private static final List<DType> FLOATS =
      List.of(DType.BF16, DType.F16, DType.F32, DType.F64, DType.F8_E4M3, DType.F8_E5M2);

  private final RapidsProvider gpu = CudfProvider.of(new GpuSettings(3, PINNED), GpuTask.NONE);
  private final KernelProvider cpu = new VectorProvider();
  private final int count;
  private final int most;
  private final long end;

  /** Bytes a second from pinned memory to the GPU. */
  private double pinnedRate;

  private GpuBenchmark(int count, int most, int seconds) {
    this.count = count;
    this.most = most;
    this.end = System.nanoTime() + seconds * 1_000_000_000L;
  }

  public static void main(String[] args) throws Exception {
    int log = Integer.parseInt(args[0]);
    GpuBenchmark benchmark =
        new GpuBenchmark(1 << log, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    Optional<String> obstacle = benchmark.gpu.obstacle();
    if (obstacle.isPresent()) {
      System.err.println("Not measured: " + obstacle.get());
      System.exit(1);
    }
    System.out.printf("# %s; tensors of 2^%s elements%n", benchmark.gpu.machine(), log);
    benchmark.copies();
    benchmark.merges(log, 8);
    benchmark.merges(log, 4);
    OperationRates.print((PinnedMemory) benchmark.gpu.hostMemory(), benchmark.count);
    benchmark.conversions();
    benchmark.methods();
  }

  private boolean isOver() {
    return System.nanoTime() > end;
  }

  /** Host to device and back, of pinned and of plain memory. */
  private void copies() {
    System.out.println("\n| copy | GB/s to the GPU | GB/s from it |\n| --- | ---: | ---: |");
    HostMemory pinned = gpu.hostMemory(); // sets up the GPU
    for (HostMemory host : List.of(pinned, HostMemory.PLAIN)) {
      try (GpuOperands operands = new GpuOperands();
          Device device = Gpu.device((PinnedMemory) pinned)) {
        Operand operand = operands.random(host, DType.F32, count, 1);
        double up = Double.MAX_VALUE;
        double down = Double.MAX_VALUE;
        for (int i = 0; i < REPEATS; i++) {
          long start = System.nanoTime();
          Column column = device.upload(operand.buffer(), 0, ColumnType.FLOAT32, count);
          long between = System.nanoTime();
          device.download(column, operand.buffer(), 0);
          up = Math.min(up, seconds(start, between));
          down = Math.min(down, seconds(between, System.nanoTime()));
          column.close();
        }
        String kind = host == pinned ? "pinned" : "plain";
        System.out.printf("| %s | %.1f | %.1f |%n", kind, 4e-9 * count / up, 4e-9 * count / down);
        pinnedRate = Math.max(pinnedRate, 4.0 * count / up);
      }
    }
  }

  /** Many tensors in a row by linear and ties, by one task and by several that overlap. */
  private void merges(int log, int models) throws Exception {
    System.out.println(
        "\n| BF16 merge | elements | tasks at once | GB/s of inputs | of pinned copies |"
            + "\n| --- | ---: | ---: | ---: | ---: |");
    try (GpuOperands operands = new GpuOperands()) {
      List<List<Operand>> tensors = new ArrayList<>();
      for (int tensor = 0; tensor < TENSORS; tensor++) {
        tensors.add(models(operands, models + 1, tensor));
      }
      for (String method : List.of("linear", "ties")) {
        MethodRun run = run(method, models);
        for (int elements = log; elements <= most && !isOver(); elements += 2) {
          for (int tasks = 1; tasks <= 3 && !isOver(); tasks++) {
            merges(run, 1 << (elements - log), tasks, tensors, operands);
          }
        }
      }
    }
  }

  private void merges(
      MethodRun run, int number, int tasks, List<List<Operand>> tensors, GpuOperands operands)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks);
    ThreadLocal<Operand> output =
        ThreadLocal.withInitial(
            () -> {
              synchronized (operands) {
                return operands.empty(gpu.hostMemory(), DType.BF16, count);
              }
            });
    List<Callable<Void>> work =
        IntStream.range(0, number)
            .mapToObj(
                i ->
                    (Callable<Void>)
                        () -> {
                          List<Operand> inputs = tensors.get(i % TENSORS).subList(0, run.inputs());
                          run.run(gpu, inputs, output.get());
                          return null;
                        })
            .toList();
    double seconds =
        fastest(
            () -> {
              for (Future<Void> done : threads.invokeAll(work)) {
                done.get();
              }
              return null;
            });
    threads.shutdown();
    double rate = 2.0 * count * number * run.inputs() / seconds;
    System.out.printf(
        "| %s of %s | %d | %d | %.1f | %.0f %% |%n",
        run.method(),
        run.inputs(),
        (long) count * number,
        tasks,
        rate / 1e9,
        100 * rate / pinnedRate);
  }

  /** A model and fine-tunes of it. */
  private List<Operand> models(GpuOperands operands, int inputs, long seed) {
    List<Operand> all = new ArrayList<>();
    all.add(operands.random(gpu.hostMemory(), DType.BF16, count, 100 * seed));
    while (all.size() < inputs) {
      all.add(operands.tuned(gpu.hostMemory(), all.get(0), 100 * seed + all.size()));
    }
    return all;
  }

  private static MethodRun run(String method, int models) {
    return MethodRun.all(models).stream()
        .filter(run -> run.method().equals(method))
        .findFirst()
        .orElseThrow();
  }

  /** Loading and storing, with a product between. */
  private void conversions() throws Exception {
    System.out.println(
        "\n| load, scale, store | GB/s GPU | GB/s CPU, one core |\n| --- | ---: | ---: |");
    MethodRun copy = run("passthrough", 1);
    for (DType from : FLOATS) {
      for (DType to : List.of(DType.BF16, DType.F16, DType.F32, DType.F64)) {
        if (!isOver() && (from == to || to == DType.BF16)) {
          try (GpuOperands operands = new GpuOperands()) {
            Operand in = operands.random(gpu.hostMemory(), from, count, 1);
            Operand out = operands.empty(gpu.hostMemory(), to, count);
            compare("%s to %s".formatted(from, to), copy, List.of(in), out);
          }
        }
      }
    }
  }

  private void methods() throws Exception {
    System.out.println("\n| BF16 method | GB/s GPU | GB/s CPU, one core |\n| --- | ---: | ---: |");
    try (GpuOperands operands = new GpuOperands()) {
      List<Operand> models = models(operands, 5, 7);
      Operand out = operands.empty(gpu.hostMemory(), DType.BF16, count);
      for (MethodRun run : MethodRun.all()) {
        if (!isOver()) {
          String name = "`%s`, %s inputs".formatted(run.method(), run.inputs());
          compare(name, run, models.subList(0, run.inputs()), out);
        }
      }
    }
  }

  private void compare(String name, MethodRun run, List<Operand> inputs, Operand output)
      throws Exception {
    double onGpu = fastest(() -> merge(run, gpu, inputs, output));
    int ofGpu = bytes(output);
    double onCpu = fastest(() -> merge(run, cpu, inputs, output));
    double bytes = 1e-9 * count * inputs.size() * inputs.get(0).dtype().bytes();
    System.out.printf(
        "| %s%s | %.1f | %.1f |%n",
        name, ofGpu == bytes(output) ? "" : ": BYTES DIFFER", bytes / onGpu, bytes / onCpu);
  }

  private static Void merge(
      MethodRun run, KernelProvider provider, List<Operand> inputs, Operand output) {
    run.run(provider, inputs, output);
    return null;
  }

  private static int bytes(Operand operand) {
    long bytes = (long) operand.elements() * operand.dtype().bytes();
    return operand.buffer().nioBuffer(0, (int) bytes).hashCode();
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
}
