package dev.stockpot.kernels.rapids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pool of other memory of this process stands for one of page-locked memory. */
class PinnedMemoryTest {
  private final BufferAllocator poolMemory = new RootAllocator(4096);
  private final BufferAllocator task = new RootAllocator(2048);
  private final PinnedMemory pinned = new PinnedMemory(this::tryAllocate);

  private record FakePiece(ArrowBuf buffer, long length) implements PinnedMemory.Piece {
    @Override
    public long address() {
      return buffer.memoryAddress();
    }

    @Override
    public void close() {
      buffer.close();
    }
  }

  private Optional<PinnedMemory.Piece> tryAllocate(long bytes) {
    return poolMemory.getAllocatedMemory() + bytes > poolMemory.getLimit()
        ? Optional.empty()
        : Optional.of(new FakePiece(poolMemory.buffer(bytes), bytes));
  }

  @AfterEach
  void allIsReturned() {
    task.close();
    poolMemory.close();
  }

  @Test
  void aBufferLiesInThePoolAndCountsForItsTask() {
    try (ArrowBuf buffer = pinned.buffer(task, 1024)) {
      buffer.setLong(1016, 42);

      assertThat(buffer.capacity()).isEqualTo(1024);
      assertThat(task.getAllocatedMemory()).isEqualTo(1024);
      assertThat(poolMemory.getAllocatedMemory()).isEqualTo(1024);
    }
    assertThat(poolMemory.getAllocatedMemory()).isZero();
    assertThat(task.getAllocatedMemory()).isZero();
  }

  @Test
  void theBytesOfABufferAreFoundInItsPiece() {
    try (ArrowBuf first = pinned.buffer(task, 1024);
        ArrowBuf second = pinned.buffer(task, 512)) {
      PinnedMemory.Place place = pinned.find(second.memoryAddress() + 100, 412).orElseThrow();

      assertThat(place.piece().address()).isEqualTo(second.memoryAddress());
      assertThat(place.offset()).isEqualTo(100);
      assertThat(pinned.find(second.memoryAddress() + 100, 413)).isEmpty();
      assertThat(pinned.find(first.memoryAddress(), 1024)).isPresent();
    }
  }

  @Test
  void whereThePoolIsExhaustedABufferIsPlain() {
    try (ArrowBuf hog = poolMemory.buffer(4096);
        ArrowBuf buffer = pinned.buffer(task, 1024)) {
      assertThat(hog.capacity()).isEqualTo(4096);
      assertThat(pinned.find(buffer.memoryAddress(), 1024)).isEmpty();
    }
  }

  @Test
  void aTaskAboveItsLimitTakesNothingFromThePool() {
    assertThatThrownBy(() -> pinned.buffer(task, 3000)).isInstanceOf(OutOfMemoryException.class);

    assertThat(poolMemory.getAllocatedMemory()).isZero();
  }

  @Test
  void memoryThatWasReturnedIsNotFound() {
    ArrowBuf buffer = pinned.buffer(task, 1024);
    long address = buffer.memoryAddress();
    buffer.close();

    assertThat(pinned.find(address, 1)).isEmpty();
  }
}
