package dev.stockpot.merge.part;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.merge.checkpoint.TensorInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;

/** A load that is there, until it is closed. */
final class Loaded implements AutoCloseable {
  private final Load load;
  private final List<ArrowBuf> buffers;
  private final Runnable release;

  Loaded(Load load, List<ArrowBuf> buffers, Runnable release) {
    this.load = load;
    this.buffers = buffers;
    this.release = release;
  }

  /** Some of the elements of each tensor. */
  List<Operand> operands(Block chunk) {
    List<Operand> operands = new ArrayList<>();
    for (int i = 0; i < buffers.size(); i++) {
      TensorInfo tensor = load.pieces().get(i).tensor();
      int bytes = tensor.dtype().bytes();
      ArrowBuf view =
          buffers
              .get(i)
              .slice(
                  (chunk.firstElement() - load.firstElement()) * bytes,
                  (long) chunk.count() * bytes);
      operands.add(new Operand(view, tensor.dtype(), chunk.count()));
    }
    return operands;
  }

  /** The bytes of its only piece. */
  ByteBuffer bytes() {
    return buffers.get(0).nioBuffer(0, load.pieces().get(0).bytes());
  }

  @Override
  public void close() {
    release.run();
  }
}
