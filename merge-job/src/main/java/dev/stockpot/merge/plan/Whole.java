package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import java.util.List;
import java.util.Optional;

/**
 * A tensor made of whole tensors, which may have other shapes. One task holds all of them at once,
 * and the matrices that its program makes of them.
 *
 * @param sources in the order that the program expects
 * @param viewed which of them have the tensor's shape
 */
public record Whole(
    OutputTensor output,
    List<TensorSource> sources,
    MatrixProgram program,
    Rounding rounding,
    Viewed viewed)
    implements Undivided, OneTensor {
  private static final int MOST_BYTES = Integer.MAX_VALUE; // of one buffer

  public Whole {
    requireNonNull(output, "output is null");
    requireNonNull(program, "program is null");
    requireNonNull(rounding, "rounding is null");
    requireNonNull(viewed, "viewed is null");
    sources = List.copyOf(sources);
  }

  /** Of inputs that what is made cannot be compared with. */
  public Whole(
      OutputTensor output, List<TensorSource> sources, MatrixProgram program, Rounding rounding) {
    this(output, sources, program, rounding, Viewed.NONE);
  }

  /** The matrices, and the output before it is rounded. */
  @Override
  public long workingBytes() {
    return program.demand().bytes() + Footprint.pages(shape().elements() * madeAs().bytes());
  }

  @Override
  public double operations() {
    return program.demand().operations();
  }

  /** The type that the program writes: the output's, or one that is rounded to it. */
  public DType madeAs() {
    return output.dtype() == DType.F64 ? DType.F64 : DType.F32;
  }

  /** Memory of all inputs and the output, as they are stored, and of what is made on the way. */
  public long memory() {
    return footprint(all()).memory() + outputBytes(all()) + workingBytes();
  }

  @Override
  public Optional<String> problem(long taskBytes) {
    long largest = shape().elements() * madeAs().bytes();
    for (Input input : inputs()) {
      largest = Math.max(largest, input.source().byteCount());
    }
    if (largest > MOST_BYTES) {
      return Optional.of(
          "a whole tensor takes %s bytes, more than one buffer holds: %s"
              .formatted(largest, MOST_BYTES));
    }
    return memory() <= taskBytes
        ? Optional.empty()
        : Optional.of(
            "whole tensors and the matrices made of them take %s bytes, more than a task's %s; raise task-memory"
                .formatted(memory(), taskBytes));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.whole(this);
  }
}
