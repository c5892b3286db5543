package dev.stockpot.merge.part;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import java.io.IOException;
import java.util.List;

/**
 * The inputs of one slice, a chunk at a time. Either they are streamed, a load for each chunk, or
 * held as one load, so that they can be gone through several times and read only once.
 */
abstract sealed class SliceInputs implements AutoCloseable {
  private Loaded current;

  /** The chunk's elements of each input. The operands are valid until the next call. */
  abstract List<Operand> chunk(Block chunk) throws IOException;

  static SliceInputs streamed(ReadAhead inputs) {
    return new Streamed(inputs);
  }

  static SliceInputs held(ReadAhead inputs) throws IOException {
    SliceInputs held = new Held();
    held.take(inputs);
    return held;
  }

  final Loaded current() {
    return current;
  }

  final void take(ReadAhead inputs) throws IOException {
    close();
    current = inputs.next();
  }

  @Override
  public final void close() {
    if (current != null) {
      current.close();
      current = null;
    }
  }

  private static final class Streamed extends SliceInputs {
    private final ReadAhead inputs;

    Streamed(ReadAhead inputs) {
      this.inputs = inputs;
    }

    @Override
    List<Operand> chunk(Block chunk) throws IOException {
      take(inputs);
      return current().operands(chunk);
    }
  }

  private static final class Held extends SliceInputs {
    @Override
    List<Operand> chunk(Block chunk) {
      return current().operands(chunk);
    }
  }
}
