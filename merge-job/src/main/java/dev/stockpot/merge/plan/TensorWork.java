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

    /** Bytes that a task holds which has the whole tensor and its inputs in memory. */
    public long wholeBytes() {
      return output.byteCount() + inputs.stream().mapToLong(input -> input.bytes().length()).sum();
    }
  }
}
