package dev.stockpot.merge.settings;

/** What {@code --resume} does where an unfinished merge is another one than is asked for. */
public enum OtherLeftovers {
  /** Says what is different, and leaves it: somebody may want to go on with it. */
  REFUSE,
  /** Gives it up and begins. For schedules, where a night that failed must not block the next. */
  DISCARD
}
