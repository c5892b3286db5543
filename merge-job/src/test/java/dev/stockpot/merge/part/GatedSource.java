package dev.stockpot.merge.part;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Objects whose byte at place i is i / 256, and whose reads wait until a gate is open. */
final class GatedSource implements ObjectSource {
  private static final long serialVersionUID = 1;
  private static final long MOST_MILLIS = 30_000;

  private final ArrayList<String> begun = new ArrayList<>();
  private String failing = "";
  private boolean isOpen;
  private int finished;
  private int atOnce;
  private int mostAtOnce;

  synchronized void open() {
    isOpen = true;
    notifyAll();
  }

  synchronized void failAt(String read) {
    failing = read;
  }

  /** Reads that began: object and place. */
  synchronized List<String> begun() {
    return List.copyOf(begun);
  }

  synchronized int mostAtOnce() {
    return mostAtOnce;
  }

  synchronized void awaitBegun(int reads) {
    await(() -> begun.size() >= reads);
  }

  synchronized void awaitFinished(int reads) {
    await(() -> finished >= reads);
  }

  private void await(BooleanSupplier condition) {
    long end = System.currentTimeMillis() + MOST_MILLIS;
    while (!condition.getAsBoolean()) {
      long left = end - System.currentTimeMillis();
      if (left <= 0) {
        throw new AssertionError("reads that began: " + begun);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private synchronized void read(String what, long position, ByteBuffer into) throws IOException {
    begun.add(what);
    atOnce++;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    notifyAll();
    await(() -> isOpen);
    for (long place = position; into.hasRemaining(); place++) {
      into.put((byte) (place / 256));
    }
    atOnce--;
    finished++;
    notifyAll();
    if (what.equals(failing)) {
      throw new IOException(what + " is gone");
    }
  }

  @Override
  public RangeReader open(StoredObject object) {
    return new RangeReader() {
      @Override
      public void read(long position, ByteBuffer into) throws IOException {
        GatedSource.this.read(object.location() + " " + position, position, into);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public List<StoredObject> list(Location folder) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Location> folders(Location folder) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<StoredObject> find(Location object) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean readsSideBySide(Location object) {
    return !object.isPlainPath();
  }
}
