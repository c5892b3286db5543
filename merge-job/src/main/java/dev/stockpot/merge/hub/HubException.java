package dev.stockpot.merge.hub;

import java.io.IOException;

/** A hub, or the cache of one, does not give a model. The message says why and what to do. */
final class HubException extends IOException {
  private static final long serialVersionUID = 1;

  HubException(String message) {
    super(message);
  }

  HubException(String message, Throwable cause) {
    super(message, cause);
  }
}
