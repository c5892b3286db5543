package dev.stockpot.kernels.rapids;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.methods.MethodRun;
import dev.stockpot.kernels.number.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * How many bytes of its memory a device moves for a merge, how many operations it starts and how
 * often the host waits for them: what limits a GPU's speed, counted on the model of one. Prints all
 * methods for so many models of so many elements (the binary logarithm), or one of them:
 *
 * <pre>benchmarks/gpu.sh traffic 8 22 ties</pre>
 */
record DeviceTraffic(
    double bytesPerElement, long operations, long waits, double mostBytesPerElement) {
  private static final double CHANGE = 0.002;

  /** Of a merge of BF16 fine-tunes of one base. */
  static DeviceTraffic of(MethodRun run, int count) {
    ModelProvider provider = new ModelProvider();
    try (Operands operands = new Operands()) {
      run.run(provider, inputs(operands, run.inputs(), count), operands.zeros(DType.BF16, count));
    }
    ModelMemory memory = provider.memory();
    return new DeviceTraffic(
        (double) memory.moved() / count,
        memory.operations(),
        memory.waits(),
        (double) memory.peak() / count);
  }

  private static List<Operand> inputs(Operands operands, int inputs, int count) {
    float[] base = Samples.normal(count, 0.05, 0);
    List<Operand> all = new ArrayList<>(List.of(operands.of(DType.BF16, base)));
    while (all.size() < inputs) {
      float[] tuned = Samples.normal(count, CHANGE, all.size());
      for (int i = 0; i < count; i++) {
        tuned[i] += base[i];
      }
      all.add(operands.of(DType.BF16, tuned));
    }
    return all;
  }

  public static void main(String[] args) {
    int count = 1 << Integer.parseInt(args[1]);
    System.out.println("| method | inputs | bytes moved | operations | waits | most bytes held |");
    System.out.println("| --- | ---: | ---: | ---: | ---: | ---: |");
    for (MethodRun run : MethodRun.all(Integer.parseInt(args[0]))) {
      if (args.length < 3 || run.method().equals(args[2])) {
        DeviceTraffic traffic = of(run, count);
        System.out.printf(
            "| `%s` | %d | %.0f | %d | %d | %.0f |%n",
            run.method(),
            run.inputs(),
            traffic.bytesPerElement,
            traffic.operations,
            traffic.waits,
            traffic.mostBytesPerElement);
      }
    }
  }
}
