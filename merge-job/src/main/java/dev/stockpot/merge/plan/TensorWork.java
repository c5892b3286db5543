package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.safetensors.OutputTensor;
import java.io.Serializable;
import java.util.List;

/** How one output tensor is made. */
public sealed interface TensorWork extends Serializable {
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

  /** A merge of several inputs of one shape, in the order that the program expects. */
  record Merge(OutputTensor output, List<TensorInfo> inputs, MergeProgram program)
      implements TensorWork {
    private static final long PAGE_BYTES = 4096;

    public Merge {
      inputs = List.copyOf(inputs);
      for (TensorInfo input : inputs) {
        if (!input.shape().equals(output.shape())) {
          throw new IllegalArgumentException("%s is merged from %s".formatted(output, input));
        }
      }
    }

    public Merge with(MergeProgram refined) {
      return new Merge(output, inputs, refined);
    }

    /** Whether a task of that many bytes can find out what the program wants to know. */
    boolean scansInOneTask(long taskBytes) {
      return !program.scansModel() && fits(taskBytes);
    }

    private boolean fits(long taskBytes) {
      long bytes = buffer(output.byteCount());
      for (TensorInfo input : inputs) {
        if (input.bytes().length() > Integer.MAX_VALUE) { // more than one buffer can be read into
          return false;
        }
        bytes += buffer(input.bytes().length());
      }
      return bytes <= taskBytes;
    }

    /** Memory comes in pages. */
    private static long buffer(long bytes) {
      return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    }
  }
}
