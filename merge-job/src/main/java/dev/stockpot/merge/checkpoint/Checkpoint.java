package dev.stockpot.merge.checkpoint;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model's weights, with their headers read and none of their bytes.
 *
 * @param folder where it lies: a folder, or a file that is all of it
 * @param shards its safetensors files, by name
 * @param tensors by name, in natural order (layer 2 before layer 10)
 * @param config text of {@code config.json}; empty if it has none
 * @param companions the other files to carry along, by their names below the folder: tokenizer,
 *     chat template, generation settings, licence
 * @param surroundings what else was seen of it
 */
public record Checkpoint(
    Location folder,
    List<StoredObject> shards,
    Map<String, TensorInfo> tensors,
    String config,
    Map<String, StoredObject> companions,
    Surroundings surroundings) {
  public Checkpoint {
    requireNonNull(folder, "folder is null");
    requireNonNull(config, "config is null");
    requireNonNull(surroundings, "surroundings is null");
    shards = List.copyOf(shards);
    companions = Collections.unmodifiableMap(new LinkedHashMap<>(companions));
    tensors = Collections.unmodifiableMap(natural(tensors));
  }

  /** Weights alone. */
  public Checkpoint(
      Location folder, List<StoredObject> shards, Map<String, TensorInfo> tensors, String config) {
    this(folder, shards, tensors, config, Map.of(), Surroundings.UNKNOWN);
  }

  /** In natural order, but hashed: a plan looks every tensor up by name. */
  private static Map<String, TensorInfo> natural(Map<String, TensorInfo> tensors) {
    Map<String, TensorInfo> sorted = new LinkedHashMap<>();
    NaturalOrder.sort(tensors.keySet(), name -> name)
        .forEach(name -> sorted.put(name, tensors.get(name)));
    return sorted;
  }

  /** The name of a shard, with the folders below this one that it lies in. */
  public String nameOf(StoredObject shard) {
    return shard.location().path().substring(folder.path().length() + 1);
  }
}
