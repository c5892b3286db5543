package dev.stockpot.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Large buffers are lent again, and never more is held than tasks may have. */
class KeptMemoryTest {
  private static final long LARGE = 2 * KeptMemory.LEAST;
  private static final long LIMIT = 4 * LARGE;

  private final KeptMemory memory = new KeptMemory();
  private final BufferAllocator root = ExecutorMemory.root(memory);

  @AfterEach
  void close() {
    root.close();
  }

  private BufferAllocator task(String name) {
    return root.newChildAllocator(name, 0, LIMIT);
  }

  private static long lent(BufferAllocator task, long bytes) {
    try (ArrowBuf buffer = task.buffer(bytes)) {
      buffer.setByte(bytes - 1, 1);
      return buffer.memoryAddress();
    }
  }

  @Test
  void aLargeBufferIsLentAgainToWhoeverWantsItsSize() {
    try (BufferAllocator one = task("one");
        BufferAllocator two = task("two")) {
      long address = lent(one, LARGE);
      assertThat(memory.kept()).isEqualTo(LARGE);
      assertThat(lent(two, LARGE)).isEqualTo(address);
      try (ArrowBuf other = two.buffer(LARGE + 4096)) {
        assertThat(other.memoryAddress()).isNotEqualTo(address);
        assertThat(memory.kept()).isEqualTo(LARGE);
      }
      assertThat(root.getAllocatedMemory()).isZero();
    }
  }

  @Test
  void aSmallBufferIsNotKept() {
    try (BufferAllocator task = task("one")) {
      lent(task, KeptMemory.LEAST - 4096);
      assertThat(memory.kept()).isZero();
    }
  }

  @Test
  void whatIsUsedAndKeptStaysWithinTheLimits() {
    try (BufferAllocator task = task("one")) {
      for (int pages = 0; pages < 20; pages++) {
        try (ArrowBuf buffer = task.buffer(LARGE + pages * 4096L);
            ArrowBuf other = task.buffer(LARGE - pages * 4096L)) {
          assertThat(buffer.capacity() + other.capacity() + memory.kept())
              .isLessThanOrEqualTo(LIMIT);
        }
        assertThat(memory.kept()).isBetween(1L, LIMIT);
      }
      try (ArrowBuf all = task.buffer(LIMIT)) {
        assertThat(all.capacity()).isEqualTo(LIMIT);
        assertThat(memory.kept()).isZero();
      }
    }
  }

  @Test
  void smallBuffersMakeRoomForThemselvesToo() {
    try (BufferAllocator task = task("one")) {
      lent(task, LIMIT);
      assertThat(memory.kept()).isEqualTo(LIMIT);
      lent(task, 4096);
      assertThat(memory.kept()).isZero();
    }
  }

  @Test
  void theNextTaskTakesOverAndTheLastOneLeavesNothing() {
    try (BufferAllocator one = task("one")) {
      try (BufferAllocator two = task("two")) {
        lent(two, LIMIT);
      }
      assertThat(memory.kept()).isEqualTo(LIMIT);
      try (BufferAllocator three = task("three")) {
        lent(three, LARGE);
        assertThat(memory.kept()).isEqualTo(LIMIT + LARGE);
      }
      assertThat(lent(one, LARGE)).isPositive();
    }
    assertThat(memory.kept()).isZero();
  }

  @Test
  void aTaskOfLessMemoryMakesThereBeLess() {
    try (BufferAllocator one = root.newChildAllocator("one", 0, LARGE)) {
      try (BufferAllocator two = task("two")) {
        lent(two, LIMIT);
        lent(two, LARGE);
        assertThat(memory.kept()).isEqualTo(LIMIT + LARGE);
      }
      try (BufferAllocator three = root.newChildAllocator("three", 0, LARGE)) {
        assertThat(memory.kept()).isEqualTo(LARGE); // the oldest goes first
        lent(three, LARGE);
      }
      lent(one, LARGE);
    }
    assertThat(memory.kept()).isZero();
  }

  @Test
  void limitsHoldAsBefore() {
    try (BufferAllocator task = task("one")) {
      assertThatThrownBy(() -> task.buffer(LIMIT + 1)).isInstanceOf(OutOfMemoryException.class);
      try (BufferAllocator part = task.newChildAllocator("part", 0, LARGE)) {
        lent(part, LARGE);
      }
      assertThat(memory.kept()).isEqualTo(LARGE);
    }
  }

  @Test
  void aProcessThatHasLessThanItsTasksMayHaveGetsWhatIsKept() {
    KeptMemory little = new KeptMemory(LIMIT);
    try (BufferAllocator all = ExecutorMemory.root(little);
        BufferAllocator one = all.newChildAllocator("one", 0, LIMIT);
        BufferAllocator two = all.newChildAllocator("two", 0, LIMIT);
        ArrowBuf used = one.buffer(LARGE)) {
      lent(two, LARGE);
      lent(two, LARGE + 4096);
      assertThat(little.kept()).isEqualTo(2 * LARGE + 4096);
      try (ArrowBuf large = two.buffer(LIMIT - LARGE)) {
        assertThat(little.kept()).isZero();
        assertThatThrownBy(() -> two.buffer(LARGE)).isInstanceOf(OutOfMemoryException.class);
        assertThat(large.capacity() + used.capacity()).isEqualTo(LIMIT);
      }
    }
  }

  @Test
  void nobodyCountsOnZerosInTests() {
    try (BufferAllocator task = task("one");
        ArrowBuf small = task.buffer(Long.BYTES);
        ArrowBuf large = task.buffer(LARGE)) {
      assertThat(small.getDouble(0)).isNaN();
      assertThat(large.getDouble(LARGE - Double.BYTES)).isNaN();
    }
  }

  @Test
  void whatATaskDoesNotReturnIsFound() {
    BufferAllocator task = ExecutorMemory.root(new KeptMemory()).newChildAllocator("one", 0, LIMIT);
    ArrowBuf forgotten = task.buffer(Long.BYTES);
    assertThatThrownBy(task::close).isInstanceOf(IllegalStateException.class);
    assertThat(forgotten.refCnt()).isOne();
  }
}
