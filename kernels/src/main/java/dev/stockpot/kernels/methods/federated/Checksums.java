package dev.stockpot.kernels.methods.federated;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.statistic.Crc32c;
import dev.stockpot.kernels.statistic.Statistic;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * CRC-32C of consecutive elements of several inputs, as they are stored.
 *
 * @param pieces one of each input
 */
record Checksums(List<Piece> pieces) implements Statistic {
  Checksums {
    pieces = List.copyOf(pieces);
  }

  /** A checksum, and of how many bytes it is. */
  record Piece(int crc32c, long bytes) implements Serializable {
    Piece plus(Piece next) {
      return new Piece(Crc32c.join(crc32c, next.crc32c, next.bytes), bytes + next.bytes);
    }
  }

  @Override
  public Checksums plus(Statistic next) {
    if (!(next instanceof Checksums more) || more.pieces.size() != pieces.size()) {
      throw new IllegalArgumentException("%s after %s checksums".formatted(next, pieces.size()));
    }
    List<Piece> joined = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      joined.add(pieces.get(i).plus(more.pieces.get(i)));
    }
    return new Checksums(joined);
  }

  /** Gathers checksums of blocks that come in order. */
  static final class Builder {
    private final List<Integer> inputs;
    private final List<CRC32C> crcs = new ArrayList<>();
    private final long[] bytes;

    Builder(List<Integer> inputs) {
      this.inputs = inputs;
      this.bytes = new long[inputs.size()];
      inputs.forEach(any -> crcs.add(new CRC32C()));
    }

    void add(Block block, List<Operand> operands) {
      for (int i = 0; i < bytes.length; i++) {
        Operand operand = operands.get(inputs.get(i));
        int width = operand.dtype().bytes();
        long begin = (long) block.offset() * width;
        int length = block.count() * width;
        crcs.get(i).update(operand.buffer().nioBuffer(begin, length));
        bytes[i] += length;
      }
    }

    Checksums found() {
      List<Piece> pieces = new ArrayList<>();
      for (int i = 0; i < bytes.length; i++) {
        pieces.add(new Piece((int) crcs.get(i).getValue(), bytes[i]));
      }
      return new Checksums(pieces);
    }
  }
}
