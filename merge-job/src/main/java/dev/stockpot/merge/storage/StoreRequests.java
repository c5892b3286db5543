package dev.stockpot.merge.storage;

import java.io.Serializable;

/**
 * Requests to remote stores.
 *
 * @param gets that read ranges of objects
 * @param puts that uploaded parts
 * @param all of every kind, each try counted
 * @param retries of requests that failed or were throttled
 */
public record StoreRequests(long gets, long puts, long all, long retries) implements Serializable {
  public static final StoreRequests NONE = new StoreRequests(0, 0, 0, 0);

  public StoreRequests plus(StoreRequests other) {
    return new StoreRequests(
        gets + other.gets, puts + other.puts, all + other.all, retries + other.retries);
  }

  public StoreRequests minus(StoreRequests other) {
    return new StoreRequests(
        gets - other.gets, puts - other.puts, all - other.all, retries - other.retries);
  }
}
