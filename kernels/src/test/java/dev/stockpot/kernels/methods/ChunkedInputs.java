package dev.stockpot.kernels.methods;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.NonFiniteTally;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A base and three fine-tunes of one tensor in chunks, as a task has them: hundreds of megabytes,
 * because checkpoints come from memory. With fewer, what is free of a shared cache decides how fast
 * a copy is.
 */
@State(Scope.Benchmark) // one for all who ask for it
public class ChunkedInputs {
  static final int ELEMENTS = 32 << 20;

  private static final int CHUNK = 1 << 20;
  private static final int CHUNKS = ELEMENTS / CHUNK;
  private static final int MODELS = 4;

  @Param({"BF16", "F32"})
  public DType type;

  private final Operands operands = new Operands();
  private final List<List<Operand>> chunks = new ArrayList<>();
  private final List<Operand> outputs = new ArrayList<>();
  private final List<Operand> copies = new ArrayList<>();
  private int used = MODELS;

  @Setup
  public void fill() {
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      float[] base = Samples.normal(CHUNK, 0.05, chunk);
      List<Operand> inputs = new ArrayList<>(List.of(operands.of(type, base)));
      for (int model = 1; model < MODELS; model++) {
        float[] values = Samples.normal(CHUNK, 0.003, model * CHUNKS + chunk);
        for (int e = 0; e < CHUNK; e++) {
          values[e] += base[e];
        }
        inputs.add(operands.of(type, values));
      }
      chunks.add(inputs);
      outputs.add(
          operands.output(
              type,
              CHUNK,
              Rounding.NEAREST,
              Optional.empty(),
              Optional.of(new NonFiniteTally(inputs)))); // as every merge counts
    }
    for (int i = 0; i < CHUNKS * MODELS; i++) {
      copies.add(operands.zeros(type, CHUNK));
    }
  }

  @TearDown
  public void release() {
    operands.close();
  }

  /** How many of the inputs are merged. */
  void use(int inputs) {
    used = inputs;
    chunks.replaceAll(chunk -> chunk.subList(0, inputs));
  }

  long bytes() {
    return (long) ELEMENTS * type.bytes() * used;
  }

  void merge(KernelProvider provider, MergeProgram program) {
    MergeProgram next = program;
    Rows rows = program.rows().oneByOne();
    for (Optional<Scan> scan = next.scan(); scan.isPresent(); scan = next.scan()) {
      try (Kernels<?> kernels = provider.open(rows.elements())) {
        Scan.BlockScan blocks = scan.get().open(kernels);
        each(kernels, rows, chunk -> block -> blocks.scan(block, chunks.get(chunk)));
        next = next.knowing(blocks.found());
      }
    }
    try (Kernels<?> kernels = provider.open(rows.elements())) {
      BlockMerge blocks = next.open(kernels);
      each(
          kernels,
          rows,
          chunk -> block -> blocks.merge(block, chunks.get(chunk), outputs.get(chunk)));
    }
  }

  private static void each(Kernels<?> kernels, Rows rows, IntFunction<Consumer<Block>> work) {
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      Block.each((long) chunk * CHUNK, CHUNK, kernels.capacity(), rows, work.apply(chunk));
    }
  }

  void copy() {
    int next = 0;
    for (List<Operand> chunk : chunks) {
      for (Operand input : chunk) {
        copies.get(next++).buffer().setBytes(0, input.buffer(), 0, (long) CHUNK * type.bytes());
      }
    }
  }

  /** The bytes of the merged tensor. */
  byte[] merged() {
    byte[] merged = new byte[ELEMENTS * type.bytes()];
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      byte[] part = Operands.bytes(outputs.get(chunk));
      System.arraycopy(part, 0, merged, chunk * part.length, part.length);
    }
    return merged;
  }
}
