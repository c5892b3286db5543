package dev.stockpot.kernels.rapids;

import dev.stockpot.kernels.HostMemory;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ForeignAllocation;

/**
 * Arrow buffers in page-locked memory, from which a device copies by itself and several times
 * faster. Where the pool is exhausted, buffers are plain ones.
 */
public final class PinnedMemory implements HostMemory {

  /** Page-locked memory of this process. */
  @FunctionalInterface
  public interface Pool {
    /** Empty if the pool has no room for so many bytes. */
    Optional<Piece> tryAllocate(long bytes);
  }

  /** Memory of a {@link Pool}; closing returns it. */
  public interface Piece extends AutoCloseable {
    long address();

    long length();

    @Override
    void close();
  }

  /**
   * A piece that holds certain bytes.
   *
   * @param offset of the bytes in the piece
   */
  public record Place(Piece piece, long offset) {}

  private final Pool pool;
  private final NavigableMap<Long, Piece> lent = new ConcurrentSkipListMap<>();

  public PinnedMemory(Pool pool) {
    this.pool = pool;
  }

  @Override
  public ArrowBuf buffer(BufferAllocator allocator, long bytes) {
    Optional<Piece> found = bytes == 0 ? Optional.empty() : pool.tryAllocate(bytes);
    if (found.isEmpty()) {
      return allocator.buffer(bytes);
    }
    Piece piece = found.get();
    lent.put(piece.address(), piece);
    try {
      return allocator.wrapForeignAllocation(
          new ForeignAllocation(bytes, piece.address()) {
            @Override
            protected void release0() {
              giveBack(piece);
            }
          });
    } catch (RuntimeException e) { // above the allocator's limit
      giveBack(piece);
      throw e;
    }
  }

  private void giveBack(Piece piece) {
    if (lent.remove(piece.address(), piece)) {
      piece.close();
    }
  }

  /** Where those bytes are, if they are in a buffer of ours. */
  public Optional<Place> find(long address, long bytes) {
    return Optional.ofNullable(lent.floorEntry(address))
        .map(Map.Entry::getValue)
        .filter(piece -> address + bytes <= piece.address() + piece.length())
        .map(piece -> new Place(piece, address - piece.address()));
  }
}
