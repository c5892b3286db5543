package dev.stockpot.merge.storage;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Memory of parts for tests that do not ask what becomes of it. */
public final class PartMemory {
  public static final BufferAllocator ANY = new RootAllocator();

  private PartMemory() {}
}
