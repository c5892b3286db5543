package dev.stockpot.merge.hub;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.net.URI;

/**
 * Where the bytes of a file are: an address that whoever has it may read for a while, which makes
 * it a secret as well, or the hub's own.
 */
record SignedLocation(URI uri) implements Serializable {
  SignedLocation {
    requireNonNull(uri, "uri is null");
  }

  @Override
  public String toString() {
    return "an address at " + uri.getHost();
  }
}
