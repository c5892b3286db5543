package dev.stockpot.merge.plan;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.output.OutputTensor;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** How one output tensor is made. */
public sealed interface TensorWork extends Serializable {
  /** Buffers are rounded up to whole pages of memory. */
  long PAGE_BYTES = 4096;

  /** What a buffer of that many bytes takes. */
  static long buffer(long bytes) {
    return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
  }

  OutputTensor output();

  /** The tensors that are read for it. */
  List<TensorInfo> inputs();

  /** The bytes of one input, unchanged. */
  record Copy(OutputTensor output, TensorInfo input) implements TensorWork {
    public Copy {
      if (output.dtype() != input.dtype() || !output.shape().equals(input.shape())) {
        throw new IllegalArgumentException("%s is no copy of %s".formatted(output, input));
      }
    }

    @Override
    public List<TensorInfo> inputs() {
      return List.of(input);
    }
  }

  /**
   * A merge of several inputs of one shape, in the order that the program expects.
   *
   * @param origin the input that the method starts from, against which task vectors and lost
   *     updates are counted, or {@link #NO_ORIGIN}
   */
  record Merge(
      OutputTensor output,
      List<TensorInfo> inputs,
      MergeProgram program,
      Rounding rounding,
      int origin)
      implements TensorWork {
    public static final int NO_ORIGIN = -1;

    public Merge {
      inputs = List.copyOf(inputs);
      for (TensorInfo input : inputs) {
        if (!input.shape().equals(output.shape())) {
          throw new IllegalArgumentException("%s is merged from %s".formatted(output, input));
        }
      }
    }

    public boolean hasOrigin() {
      return origin != NO_ORIGIN;
    }

    /** Whether the output's type can lose updates. */
    public boolean countsUpdates() {
      return hasOrigin() && output.dtype().bits() == 16;
    }

    public Merge with(MergeProgram refined) {
      return new Merge(output, inputs, refined, rounding, origin);
    }

    /** Whether a task of that many bytes can find out what the program wants to know. */
    boolean scansInOneTask(long taskBytes) {
      return !program.scanScope().isShared() && fits(taskBytes);
    }

    private boolean fits(long taskBytes) {
      long bytes = TensorWork.buffer(output.byteCount());
      for (TensorInfo input : inputs) {
        if (input.bytes().length() > Integer.MAX_VALUE) { // more than one buffer can be read into
          return false;
        }
        bytes += TensorWork.buffer(input.bytes().length());
      }
      return bytes <= taskBytes;
    }

    /** Why a task of that many bytes cannot merge even a single row; empty if it can. */
    Optional<String> problem(long taskBytes) {
      long row = program.rowElements();
      if (row > Block.REDUCTION_ELEMENTS) {
        return Optional.of(
            "rows of %s elements are too long to be merged row by row; the longest have %s"
                .formatted(row, Block.REDUCTION_ELEMENTS));
      }
      long bytes = TensorWork.buffer(row * output.dtype().bytes());
      for (TensorInfo input : inputs) {
        bytes += TensorWork.buffer(row * input.dtype().bytes());
      }
      return row == 0 || bytes <= taskBytes
          ? Optional.empty()
          : Optional.of(
              "a row of all inputs takes %s bytes, more than a task's %s; raise task-memory"
                  .formatted(bytes, taskBytes));
    }
  }
}
