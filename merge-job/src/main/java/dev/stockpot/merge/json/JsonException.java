package dev.stockpot.merge.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Text that is no JSON. The message says what is wrong with it, and not where. */
public final class JsonException extends Exception {
  private static final long serialVersionUID = 1;

  private final int line;

  JsonException(JsonProcessingException failure) {
    super(failure.getOriginalMessage(), failure);
    this.line = failure.getLocation() == null ? 1 : failure.getLocation().getLineNr();
  }

  /** What a parser of text in memory throws, which says what is wrong with the text. */
  static JsonException of(IOException failure) {
    if (failure instanceof JsonProcessingException wrong) {
      return new JsonException(wrong);
    }
    throw new UncheckedIOException(failure); // memory does not fail
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
