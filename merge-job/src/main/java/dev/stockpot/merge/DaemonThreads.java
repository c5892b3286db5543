package dev.stockpot.merge;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that keep no JVM alive, named and numbered. */
public final class DaemonThreads implements ThreadFactory {
  private final String name;
  private final AtomicInteger started = new AtomicInteger();

  /**
   * Threads of one name.
   *
   * @param name without a number: {@code stockpot-read}
   */
  public DaemonThreads(String name) {
    this.name = requireNonNull(name, "name is null");
  }

  @Override
  public Thread newThread(Runnable work) {
    Thread thread = new Thread(work, name + "-" + started.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
