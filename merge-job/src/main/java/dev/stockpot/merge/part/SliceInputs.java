package dev.stockpot.merge.part;

import dev.stockpot.kernels.Block;
import dev.stockpot.kernels.Operand;
import dev.stockpot.merge.checkpoint.TensorInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The inputs of one slice, a chunk at a time. Either they are streamed, chunk by chunk through the
 * same buffers, or held, so that they can be gone through several times and read only once.
 */
abstract sealed class SliceInputs implements AutoCloseable {
  private final List<ArrowBuf> buffers = new ArrayList<>();

  /** The chunk's elements of each input. The operands are valid until the next call. */
  abstract List<Operand> chunk(Block chunk) throws IOException;

  static SliceInputs streamed(
      List<TensorInfo> tensors, int chunkElements, TensorReader reader, BufferAllocator memory) {
    return new Streamed(tensors, chunkElements, reader, memory);
  }

  static SliceInputs held(
      List<TensorInfo> tensors, int elements, TensorReader reader, BufferAllocator memory)
      throws IOException {
    return new Held(tensors, elements, reader, memory);
  }

  final ArrowBuf buffer(int i) {
    return buffers.get(i);
  }

  final void allocate(List<TensorInfo> tensors, int elements, BufferAllocator memory) {
    try {
      for (TensorInfo tensor : tensors) {
        buffers.add(memory.buffer((long) elements * tensor.dtype().bytes()));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public final void close() {
    buffers.forEach(ArrowBuf::close);
  }

  private static final class Streamed extends SliceInputs {
    private final List<TensorInfo> tensors;
    private final TensorReader reader;

    Streamed(
        List<TensorInfo> tensors, int chunkElements, TensorReader reader, BufferAllocator memory) {
      this.tensors = tensors;
      this.reader = reader;
      allocate(tensors, chunkElements, memory);
    }

    @Override
    List<Operand> chunk(Block chunk) throws IOException {
      List<Operand> operands = new ArrayList<>();
      for (int i = 0; i < tensors.size(); i++) {
        operands.add(reader.read(tensors.get(i), chunk.firstElement(), chunk.count(), buffer(i)));
      }
      return operands;
    }
  }

  private static final class Held extends SliceInputs {
    private final List<TensorInfo> tensors;

    Held(List<TensorInfo> tensors, int elements, TensorReader reader, BufferAllocator memory)
        throws IOException {
      this.tensors = tensors;
      allocate(tensors, elements, memory);
      try {
        for (int i = 0; i < tensors.size(); i++) {
          reader.read(tensors.get(i), 0, elements, buffer(i));
        }
      } catch (IOException | RuntimeException e) {
        close();
        throw e;
      }
    }

    @Override
    List<Operand> chunk(Block chunk) {
      List<Operand> operands = new ArrayList<>();
      for (int i = 0; i < tensors.size(); i++) {
        int bytes = tensors.get(i).dtype().bytes();
        ArrowBuf view = buffer(i).slice(chunk.firstElement() * bytes, (long) chunk.count() * bytes);
        operands.add(new Operand(view, tensors.get(i).dtype(), chunk.count()));
      }
      return operands;
    }
  }
}
