package dev.stockpot.merge.evaluate;

import dev.stockpot.merge.Secrets;

/** A model could not be evaluated. The message says why, for the journal and for a user. */
public final class EvaluationException extends Exception {
  private static final long serialVersionUID = 1;

  public EvaluationException(String message) {
    super(Secrets.hidden(message));
  }

  EvaluationException(String message, Throwable cause) {
    super(Secrets.hidden(message), cause);
  }
}
