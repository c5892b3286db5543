package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.model.Model;

/**
 * A checkpoint of statistics that a merge reads beside its models.
 *
 * @param kind the side input of the method that it is
 */
public record Statistics(String kind, Model checkpoint) {
  public Statistics {
    requireNonNull(kind, "kind is null");
    requireNonNull(checkpoint, "checkpoint is null");
  }
}
