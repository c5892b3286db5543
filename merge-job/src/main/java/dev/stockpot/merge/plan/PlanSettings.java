package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.output.OutputLayout;
import dev.stockpot.merge.recipe.LostKeys;
import dev.stockpot.merge.recipe.MissingTensors;

/**
 * How work is cut and laid out. How it is cut changes no byte of the output but by the shard size.
 *
 * @param shardBytes most bytes of tensors in one output shard; a larger tensor has a shard of its
 *     own
 * @param partBytes least bytes of a part, but for a shard's last
 * @param heavyPartBytes the same of a part whose work takes far longer than reading
 * @param taskBytes most bytes of buffers that one task may hold
 * @param missing what to do with a tensor that not all models hold
 * @param lostKeys what to do where the configuration cannot say what slices have made
 * @param layout of the output's files
 */
public record PlanSettings(
    long shardBytes,
    long partBytes,
    long heavyPartBytes,
    long taskBytes,
    MissingTensors missing,
    LostKeys lostKeys,
    OutputLayout layout) {

  public PlanSettings {
    requireNonNull(missing, "missing is null");
    requireNonNull(lostKeys, "lostKeys is null");
    requireNonNull(layout, "layout is null");
    if (shardBytes < 1 || partBytes < 1 || heavyPartBytes < 1 || taskBytes < 1) {
      throw new IllegalArgumentException(
          "shards of %s, parts of %s, tasks of %s bytes"
              .formatted(shardBytes, partBytes, taskBytes));
    }
  }

  /** The same, but for the layout of the output's files. */
  public PlanSettings with(OutputLayout other) {
    return new PlanSettings(
        shardBytes, partBytes, heavyPartBytes, taskBytes, missing, lostKeys, other);
  }

  /** The same for an output of a single file, whatever its size. */
  public PlanSettings inOneFile(OutputLayout other) {
    return new PlanSettings(
        Long.MAX_VALUE, partBytes, heavyPartBytes, taskBytes, missing, lostKeys, other);
  }

  /** The same, with parts of another size where work is heavy. */
  public PlanSettings withHeavyParts(long bytes) {
    return new PlanSettings(shardBytes, partBytes, bytes, taskBytes, missing, lostKeys, layout);
  }

  /** Settings under which all parts have one size. */
  public PlanSettings(
      long shardBytes,
      long partBytes,
      long taskBytes,
      MissingTensors missing,
      LostKeys lostKeys,
      OutputLayout layout) {
    this(shardBytes, partBytes, partBytes, taskBytes, missing, lostKeys, layout);
  }

  /** Settings under which such a key is a problem. */
  public PlanSettings(
      long shardBytes,
      long partBytes,
      long taskBytes,
      MissingTensors missing,
      OutputLayout layout) {
    this(shardBytes, partBytes, taskBytes, missing, LostKeys.FAIL, layout);
  }
}
