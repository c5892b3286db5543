package dev.stockpot.merge.part;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.plan.Copy;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes bytes as they are, and counts numbers among them that are not finite. */
final class CopyMaker implements SliceMaker {
  private final Copy work;
  private final PartOutput output;
  private final DType dtype;
  private long carried;

  CopyMaker(Copy work, PartOutput output) {
    this.work = work;
    this.output = output;
    this.dtype = work.output().dtype();
  }

  @Override
  public void make(Block chunk, Loaded inputs) throws IOException {
    ByteBuffer bytes = inputs.bytes(chunk);
    carried += NonFiniteBits.count(dtype, bytes);
    output.write(bytes);
  }

  @Override
  public void end() {
    output.addNonFinite(work, new NonFinite(0, carried, 0, 0));
  }
}
