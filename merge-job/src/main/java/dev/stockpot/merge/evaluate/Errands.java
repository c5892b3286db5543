package dev.stockpot.merge.evaluate;

/** Runs commands, here or on another machine. Several threads may ask at the same time. */
@FunctionalInterface
public interface Errands {
  /** On this machine. */
  Errands HERE = CommandErrand::run;

  /**
   * Runs a command and waits for it.
   *
   * @return what it had to say, also if it failed
   * @throws InterruptedException if nobody needs it any more; nothing of it goes on then
   */
  CommandOutput run(CommandErrand errand) throws InterruptedException;
}
