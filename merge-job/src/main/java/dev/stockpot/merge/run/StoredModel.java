package dev.stockpot.merge.run;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.plan.ModelStacks;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.structure.Structure;

/**
 * A model that is open for reading.
 *
 * @param name as it was asked for
 * @param source reads its files; it can be sent to tasks
 * @param checkpoint its headers
 * @param structure its stacks of layers, as far as they can be told
 */
public record StoredModel(
    String name, ObjectSource source, Checkpoint checkpoint, Structure structure) {
  public StoredModel {
    requireNonNull(name, "name is null");
    requireNonNull(source, "source is null");
    requireNonNull(checkpoint, "checkpoint is null");
    requireNonNull(structure, "structure is null");
  }

  /**
   * Opens a checkpoint, or statistics, by its name; bytes of tensors are not read yet.
   *
   * @throws dev.stockpot.merge.UserException if there is none, or something is wrong with it
   */
  public static StoredModel in(Stockpot stockpot, String name) {
    return stockpot
        .door()
        .look(
            MergeOptions.DEFAULT,
            (places, any) -> of(places.store(), name, places.checkpoint(name)));
  }

  private static StoredModel of(ObjectSource source, String name, Checkpoint checkpoint) {
    return new StoredModel(name, source, checkpoint, ModelStacks.structure(Model.of(checkpoint)));
  }
}
