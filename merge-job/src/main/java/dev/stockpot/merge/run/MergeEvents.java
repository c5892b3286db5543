package dev.stockpot.merge.run;

import dev.stockpot.merge.commit.Leftovers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A listener for callers that cannot be called back, such as Python's: it keeps what it hears until
 * another thread asks, and that thread can stop the merge.
 */
public final class MergeEvents implements MergeListener {
  private final List<String> notices = new ArrayList<>();
  private long bytes;
  private long of;
  private Thread working;
  private boolean isStopped;

  /**
   * Merges on a thread that ends with the merge. The one that calls serves other calls as well: an
   * interrupt that came too late, or was kept for whoever asks, would break one of those.
   */
  public MergeOutcome merge(
      Stockpot stockpot, MergeRecipe recipe, String output, MergeOptions options) {
    FutureTask<MergeOutcome> merge =
        new FutureTask<>(() -> stockpot.merge(recipe, output, options, this));
    Thread thread = new Thread(merge, "stockpot merge");
    thread.setDaemon(true);
    synchronized (this) {
      working = thread; // a stop before its first event holds for that
    }
    thread.start();
    try {
      return merge.get();
    } catch (ExecutionException e) {
      throw unchecked(e.getCause());
    } catch (InterruptedException e) {
      thread.interrupt();
      throw new IllegalStateException("The caller of a merge is interrupted, so it is", e);
    }
  }

  private static RuntimeException unchecked(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
  }

  /** What was noticed so far, in order. */
  public synchronized List<String> notices() {
    return List.copyOf(notices);
  }

  /** Bytes of the output that are made. */
  public synchronized long bytes() {
    return bytes;
  }

  /** How many bytes there are to be; 0 before that is known. */
  public synchronized long of() {
    return of;
  }

  /**
   * Ends the merge as Ctrl-C does on the command line: its thread is interrupted now, or with the
   * next event where it has told nothing yet, and it cleans up. May be asked for more than once.
   */
  public synchronized void stop() {
    isStopped = true;
    if (working != null) {
      working.interrupt();
    }
  }

  @Override
  public synchronized void planned(PlannedMerge plan) {
    heard();
  }

  @Override
  public synchronized void noticed(String notice) {
    notices.add(notice);
    heard();
  }

  @Override
  public synchronized void tookOver(String holder) {
    notices.add("Taking over from another merge (%s)".formatted(holder));
    heard();
  }

  @Override
  public synchronized void tried(Tried candidate) {
    heard();
  }

  /** Reminds of a stop; what is made counts as progress, and nothing is yet. */
  @Override
  public synchronized void scanned(long looked, long ofAll) {
    heard();
  }

  @Override
  public synchronized void progressed(long made, long ofAll) {
    bytes = made;
    of = ofAll;
    heard();
  }

  /**
   * An end of the merge, after which its thread does something else, which is not to be stopped.
   */
  @Override
  public synchronized void published(MergeOutcome outcome) {
    outcome.lost().ifPresent(lost -> notices.addAll(lost.sentences()));
    outcome.lost().flatMap(LostChanges::warning).ifPresent(notices::add);
    notices.addAll(outcome.broken().sentences());
    working = null;
  }

  @Override
  public synchronized void stopped(Leftovers leftovers) {
    working = null;
  }

  private void heard() {
    working = Thread.currentThread();
    if (isStopped) {
      working.interrupt();
    }
  }
}
