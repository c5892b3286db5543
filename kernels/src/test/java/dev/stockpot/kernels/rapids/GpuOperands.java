package dev.stockpot.kernels.rapids;

import dev.stockpot.kernels.HostMemory;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Large operands of made-up numbers, filled by all processors, as a lent machine's time counts. */
final class GpuOperands implements AutoCloseable {
  private static final long PIECE = 1 << 20;

  private final BufferAllocator memory = new RootAllocator();
  private final List<ArrowBuf> buffers = new ArrayList<>();

  /** Patterns of 16 bits that as BF16 are about a weight's size, and as F16 are not NaN either. */
  Operand random(HostMemory host, DType type, int count, long seed) {
    Operand operand = empty(host, type, count);
    fill(operand, seed, (at, random) -> (random & 0x80FF80FF80FF80FFL) | 0x3C003C003C003C00L);
    return operand;
  }

  /** A BF16 operand, and the last bits of it changed, as fine-tuning does. */
  Operand tuned(HostMemory host, Operand base, long seed) {
    Operand operand = empty(host, base.dtype(), base.elements());
    fill(operand, seed, (at, random) -> base.buffer().getLong(at) ^ (random & 0x0003000300030003L));
    return operand;
  }

  /** Not filled; a multiple of eight bytes. */
  Operand empty(HostMemory host, DType type, int count) {
    ArrowBuf buffer = host.buffer(memory, (long) count * type.bytes());
    buffers.add(buffer);
    return new Operand(buffer, type, count);
  }

  private interface Filling {
    long at(long offset, long random);
  }

  private static void fill(Operand operand, long seed, Filling filling) {
    long bytes = (long) operand.elements() * operand.dtype().bytes();
    LongStream.range(0, (bytes + PIECE - 1) / PIECE)
        .parallel()
        .forEach(
            piece -> {
              SplittableRandom random = new SplittableRandom(seed << 32 | piece);
              long end = Math.min(bytes, (piece + 1) * PIECE);
              for (long at = piece * PIECE; at < end; at += Long.BYTES) {
                operand.buffer().setLong(at, filling.at(at, random.nextLong()));
              }
            });
  }

  @Override
  public void close() {
    buffers.forEach(ArrowBuf::close);
    buffers.clear();
    memory.close();
  }
}
