package dev.stockpot.merge.commit;

import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.kernels.statistic.UpdateLengths;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;

/** What was found of a tensor while it was made, as a manifest says it. */
final class TensorFindings {
  private static final String UPDATED = "updated";
  private static final String LOST = "lost";
  private static final String LENGTHS = "lengths";
  private static final String BASE = "base";
  private static final String CHANGE = "change";
  private static final String ERROR = "error";

  private static final String NON_FINITE = "nonfinite";
  private static final String NARROWED = "narrowed";
  private static final String CARRIED = "carried";
  private static final String MADE = "made";
  private static final String OVERFLOWED = "overflowed";

  private TensorFindings() {}

  /** A tensor's entry with all that was found of it. */
  static JsonObject with(JsonObject tensor, String name, MergeFacts facts) {
    JsonObject all = tensor;
    LostUpdates updates = facts.updates().getOrDefault(name, LostUpdates.NONE);
    boolean isMeasured = !updates.lengths().equals(UpdateLengths.NONE);
    if (updates.lost() > 0 || isMeasured) {
      all = all.with(UPDATED, updates.updated()).with(LOST, updates.lost());
    }
    if (isMeasured) {
      all = all.with(LENGTHS, lengths(updates.lengths()));
    }
    return withNonFinite(all, name, facts);
  }

  private static JsonObject lengths(UpdateLengths lengths) {
    return JsonObject.EMPTY
        .with(BASE, JsonValue.of(lengths.base()))
        .with(CHANGE, JsonValue.of(lengths.change()))
        .with(ERROR, JsonValue.of(lengths.error()));
  }

  /** What rounding left of the updates to a tensor. */
  static LostUpdates updates(JsonObject tensor) {
    JsonObject lengths = tensor.object(LENGTHS).orElse(JsonObject.EMPTY);
    return new LostUpdates(
        tensor.whole(UPDATED, 0),
        tensor.whole(LOST, 0),
        new UpdateLengths(number(lengths, BASE), number(lengths, CHANGE), number(lengths, ERROR)));
  }

  private static double number(JsonObject object, String name) {
    return object
        .get(name)
        .flatMap(value -> value.number().stream().boxed().findFirst())
        .orElse(0.0);
  }

  /**
   * A tensor's entry with what is not finite of it.
   *
   * @param key of the tensor among all files of the output
   */
  static JsonObject withNonFinite(JsonObject tensor, String key, MergeFacts facts) {
    NonFinite broken = facts.nonFinite().getOrDefault(key, NonFinite.NONE);
    return broken.equals(NonFinite.NONE)
        ? tensor
        : tensor.with(
            NON_FINITE,
            JsonObject.EMPTY
                .with(NARROWED, broken.narrowed())
                .with(CARRIED, broken.carried())
                .with(MADE, broken.made())
                .with(OVERFLOWED, broken.overflowed()));
  }

  /** What is not finite of a tensor. */
  static NonFinite nonFinite(JsonObject tensor) {
    JsonObject counts = tensor.object(NON_FINITE).orElse(JsonObject.EMPTY);
    return new NonFinite(
        counts.whole(NARROWED, 0),
        counts.whole(CARRIED, 0),
        counts.whole(MADE, 0),
        counts.whole(OVERFLOWED, 0));
  }
}
