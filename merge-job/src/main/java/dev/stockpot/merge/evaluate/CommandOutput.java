package dev.stockpot.merge.evaluate;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * What a command had to say, as it travels between machines.
 *
 * @param file name of the file of results; empty for what it printed
 * @param text of the file, or printed
 * @param failure why there is none; empty if there is
 */
public record CommandOutput(String file, String text, String failure) implements Serializable {
  private static final long serialVersionUID = 1;

  public CommandOutput {
    requireNonNull(file, "file is null");
    requireNonNull(text, "text is null");
    requireNonNull(failure, "failure is null");
  }

  static CommandOutput failed(String why) {
    return new CommandOutput("", "", why);
  }

  /** This output, if the command did not fail. */
  CommandOutput orThrow() throws EvaluationException {
    if (!failure.isEmpty()) {
      throw new EvaluationException(failure);
    }
    return this;
  }
}
