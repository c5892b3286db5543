package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.method.Measures;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Solved;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Runs a program on whole tensors, and takes some elements of what it makes.
 *
 * @param inputs buffers of all elements of each
 * @param whole the buffer of all that it makes
 * @param place of the first byte in the target
 */
record Solving(Solved source, ElementSpan span, List<Integer> inputs, int whole, int to, long place)
    implements AssemblyStep {
  Solving {
    inputs = List.copyOf(inputs);
  }

  @Override
  public void run(List<ArrowBuf> buffers, KernelProvider cpu) {
    run(buffers, cpu, any -> Measures.NONE);
  }

  @Override
  public void run(List<ArrowBuf> buffers, KernelProvider cpu, Function<String, Measures> found) {
    ArrowBuf made = buffers.get(whole);
    BufferAllocator memory = made.getReferenceManager().getAllocator();
    List<WholeTensor> tensors = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      TensorSource input = source.inputs().get(i);
      int count = Math.toIntExact(input.shape().elements());
      tensors.add(
          new WholeTensor(
              new Operand(buffers.get(inputs.get(i)), input.dtype(), count), input.shape()));
    }
    Operand result = new Operand(made, DType.F32, Math.toIntExact(source.shape().elements()));
    try (Matrices algebra = new Matrices(List.of(cpu), memory, 1)) {
      source
          .program()
          .make(
              algebra,
              tensors,
              new WholeTensor(result, source.shape(), true),
              found.apply(source.tensor()));
    } catch (IllegalArgumentException e) { // the numbers are such that there is no result
      throw new NoResultException(
          new OutputTensor(source.tensor(), source.storedType(), source.shape()), e);
    }
    buffers.get(to).setBytes(place, made, span.first() * Float.BYTES, span.count() * Float.BYTES);
  }
}
