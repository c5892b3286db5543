package dev.stockpot.merge.storage.local;

import java.nio.ByteBuffer;

/** What a channel is given of a buffer at a time. */
final class Steps {
  private static final int HEAP_STEP = 1 << 20;

  private Steps() {}

  /**
   * A view of the bytes to move next. A direct buffer goes to the system as it is, in one piece.
   * For a heap buffer the channel keeps a direct copy as large as the view, for each thread,
   * outside of every memory limit of ours: hence small steps.
   */
  static ByteBuffer next(ByteBuffer buffer) {
    int most = buffer.isDirect() ? buffer.remaining() : Math.min(buffer.remaining(), HEAP_STEP);
    return buffer.slice(buffer.position(), most);
  }
}
