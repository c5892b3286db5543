package dev.stockpot.merge.run;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.Leftovers;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Merges that were made in one reading failed after they had begun to write. Each output is whole
 * or is not there; something is left of one at least.
 */
public final class MergesStoppedException extends UserException {
  private static final long serialVersionUID = 1;

  private final FailureKind kind;
  private final String reason;
  private final ArrayList<Output> outputs;

  /**
   * What became of an output.
   *
   * @param folder as it was named
   * @param isPublished whether it is whole
   * @param leftovers what else is left of its merge
   */
  public record Output(String folder, boolean isPublished, Leftovers leftovers)
      implements Serializable {
    private String described() {
      if (isPublished) {
        return "%s is whole".formatted(folder);
      }
      return leftovers.match(
          () -> "Nothing is left of %s".formatted(folder),
          kept ->
              "%s of %s shards of %s are kept: merge again and resume, or discard them"
                  .formatted(kept.finished(), kept.of(), folder),
          taken -> "%s was taken over by another merge (%s)".formatted(folder, taken.by()));
    }

    private boolean isAnything() {
      return isPublished || leftovers.match(() -> false, kept -> true, taken -> true);
    }
  }

  private MergesStoppedException(UserException failure, List<Output> outputs) {
    super(
        failure.getMessage()
            + "\n"
            + String.join("\n", outputs.stream().map(Output::described).toList()),
        failure);
    this.kind = failure.kind();
    this.reason = failure.getMessage();
    this.outputs = new ArrayList<>(outputs);
  }

  /** The failure, with what is left of the merges, if anything is. */
  static UserException of(UserException failure, List<Output> outputs) {
    return outputs.stream().anyMatch(Output::isAnything)
        ? new MergesStoppedException(failure, outputs)
        : failure;
  }

  @Override
  public FailureKind kind() {
    return kind;
  }

  /** Why they failed, without what is left of them. */
  public String reason() {
    return reason;
  }

  /** What became of each, in the order in which they were asked for. */
  public List<Output> outputs() {
    return List.copyOf(outputs);
  }
}
