package dev.stockpot.merge.engine;

import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.rounding.SegmentRoundingPolicy;

/**
 * Where the buffers of tasks come from. Large ones that a task gives back are kept for others of
 * their size: handing out whole matrices anew, page by page, takes the system a seventh of the time
 * of a merge of such. Tasks use and keep no more than the limits together of those that ran when
 * one began last, as the next one is likely to begin soon; after the last task nothing is kept. A
 * process that has less memory than that gets what is kept, before a task fails.
 *
 * <p>It is the factory of a root allocator and listens to it: that is how it knows of tasks, which
 * are the root's children.
 */
final class KeptMemory implements AllocationManager.Factory, AllocationListener {
  /** Below, the allocator of the system keeps what was given back. */
  static final long LEAST = 4L << 20;

  /** Buffers are as large as asked for, not rounded up to a power of two. */
  static final SegmentRoundingPolicy ROUNDING = new SegmentRoundingPolicy(4096L);

  private final BufferAllocator system;
  private final KeptBuffers kept = new KeptBuffers();
  private long limits;
  private long room;

  KeptMemory() {
    this(Long.MAX_VALUE);
  }

  /** Of a process that has {@code most} bytes. */
  KeptMemory(long most) {
    system = new RootAllocator(AllocationListener.NOOP, most, ROUNDING);
  }

  @Override
  public AllocationManager create(BufferAllocator accounting, long size) {
    return new Lent(accounting, take(size, accounting.getRoot().getAllocatedMemory()));
  }

  @Override
  public ArrowBuf empty() {
    return system.getEmpty();
  }

  @Override
  public synchronized void onChildAdded(BufferAllocator parent, BufferAllocator child) {
    if (parent.getRoot() == parent) {
      limits += child.getLimit();
      room = limits;
      free(parent.getAllocatedMemory());
    }
  }

  @Override
  public synchronized void onChildRemoved(BufferAllocator parent, BufferAllocator child) {
    if (parent.getRoot() == parent) {
      limits -= child.getLimit();
      if (limits == 0) {
        room = 0;
        kept.free(0);
      }
    }
  }

  /** Bytes that are kept. */
  synchronized long kept() {
    return kept.bytes();
  }

  /** With {@code used} bytes in all, these being among them. */
  private synchronized ArrowBuf take(long size, long used) {
    ArrowBuf found = size < LEAST ? null : kept.take(size).orElse(null);
    free(used);
    ArrowBuf taken = found == null ? fresh(size) : found;
    assert isSpoilt(taken);
    return taken;
  }

  private ArrowBuf fresh(long size) {
    try {
      return system.buffer(size);
    } catch (OutOfMemoryException | OutOfMemoryError e) {
      if (kept.bytes() == 0) {
        throw e;
      }
      kept.free(0);
      return system.buffer(size);
    }
  }

  /**
   * Nobody may count on zeros: what is lent holds numbers of others, or what the system left. Where
   * assertions are on, as in tests, it holds nothing but bits of NaN, which spoil whatever uses
   * them before it has written there.
   */
  private static boolean isSpoilt(ArrowBuf buffer) {
    buffer.setOne(0, buffer.capacity());
    return true;
  }

  private synchronized void giveBack(ArrowBuf buffer, long used) {
    if (buffer.capacity() < LEAST) {
      buffer.close();
      return;
    }
    kept.add(buffer);
    free(used);
  }

  /** Until what is used and kept is within what there is room for. */
  private void free(long used) {
    kept.free(room - used);
  }

  /** A buffer of the system while somebody has it. */
  private final class Lent extends AllocationManager {
    private final BufferAllocator root;
    private final ArrowBuf buffer;

    Lent(BufferAllocator accounting, ArrowBuf buffer) {
      super(accounting);
      this.root = accounting.getRoot();
      this.buffer = buffer;
    }

    @Override
    public long getSize() {
      return buffer.capacity();
    }

    @Override
    protected long memoryAddress() {
      return buffer.memoryAddress();
    }

    @Override
    protected void release0() {
      giveBack(buffer, root.getAllocatedMemory());
    }
  }
}
