package dev.stockpot.merge.json;

import com.fasterxml.jackson.core.JsonProcessingException;

/** Text that is no JSON. The message says what is wrong with it, and not where. */
public final class JsonException extends Exception {
  private static final long serialVersionUID = 1;

  private final int line;

  JsonException(JsonProcessingException failure) {
    super(failure.getOriginalMessage(), failure);
    this.line = failure.getLocation() == null ? 1 : failure.getLocation().getLineNr();
  }

  /** Text that is JSON, and not what its reader expects. */
  public static JsonException of(String what) {
    return new JsonException(what);
  }

  JsonException(String what) {
    super(what);
    this.line = 1;
  }

  /** The line where it goes wrong, from 1. */
  public int line() {
    return line;
  }
}
