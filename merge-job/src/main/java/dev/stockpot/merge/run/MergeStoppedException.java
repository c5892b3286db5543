package dev.stockpot.merge.run;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.Leftovers;
import dev.stockpot.merge.storage.Location;

/** A merge failed after it had begun to write, and something is left of it. */
public final class MergeStoppedException extends UserException {
  private static final long serialVersionUID = 1;

  private final FailureKind kind;
  private final String reason;
  private final String output;
  private final Leftovers leftovers;

  MergeStoppedException(UserException failure, Location output, Leftovers leftovers) {
    super(message(failure, output, leftovers), failure);
    this.kind = failure.kind();
    this.reason = failure.getMessage();
    this.output = output.path();
    this.leftovers = leftovers;
  }

  private static String message(UserException failure, Location output, Leftovers leftovers) {
    return failure.getMessage()
        + leftovers.<String>match(
            () -> "",
            kept ->
                "\n%s of %s shards of %s are kept: merge again and resume, or discard them"
                    .formatted(kept.finished(), kept.of(), output),
            taken -> "\n%s was taken over by another merge (%s)".formatted(output, taken.by()));
  }

  @Override
  public FailureKind kind() {
    return kind;
  }

  /** Why it failed, without what is left of it. */
  public String reason() {
    return reason;
  }

  /** The folder that it was to write. */
  public String output() {
    return output;
  }

  /** What is left of it. */
  public Leftovers leftovers() {
    return leftovers;
  }
}
