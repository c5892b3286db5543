package dev.stockpot.merge.part;

import dev.stockpot.kernels.block.Block;
import java.io.IOException;
import java.util.List;

/** Makes one merge's bytes of a slice, while its inputs are at hand. */
interface SliceMaker extends AutoCloseable {
  /** Goes over all of the slice until nothing more must be known of it. */
  default void settle(Loaded held, List<Block> chunks) {}

  /** Makes the next chunk. */
  void make(Block chunk, Loaded inputs) throws IOException;

  /** The last chunk was made. */
  default void end() {}

  /** Returns what it borrowed, wherever it ended. */
  @Override
  default void close() {}
}
