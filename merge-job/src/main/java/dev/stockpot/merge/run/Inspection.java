package dev.stockpot.merge.run;

import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.safetensors.ShardMetadata;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A checkpoint as its headers tell, in which no problem was found.
 *
 * @param files of tensors
 * @param tensors in natural order
 * @param statistics what they are, where they are no model's weights
 */
public record Inspection(int files, List<Tensor> tensors, Optional<String> statistics) {

  /**
   * A tensor.
   *
   * @param dtype as its format spells it: {@code BF16}
   * @param shape its dimensions, as in {@code [4096, 4096]}
   * @param bytes that are stored
   * @param file in which they are
   */
  public record Tensor(
      String name, String dtype, String shape, long elements, long bytes, String file) {}

  public Inspection {
    tensors = List.copyOf(tensors);
  }

  static Inspection of(Places places, String named) throws IOException {
    return of(places.store(), places.checkpoint(named));
  }

  private static Inspection of(ObjectSource store, Checkpoint checkpoint) throws IOException {
    return new Inspection(
        checkpoint.shards().size(),
        checkpoint.tensors().values().stream()
            .map(
                tensor ->
                    new Tensor(
                        tensor.name(),
                        tensor.dtype().name(),
                        tensor.shape().toString(),
                        tensor.shape().elements(),
                        tensor.bytes().length(),
                        tensor.shard().location().name()))
            .toList(),
        statistics(store, checkpoint));
  }

  /** By the kind that a writer of statistics gives in the files' metadata. */
  private static Optional<String> statistics(ObjectSource store, Checkpoint checkpoint)
      throws IOException {
    if (checkpoint.shards().isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> said = ShardMetadata.read(store, checkpoint.shards().get(0));
    String examples = said.get("n_examples");
    String form = said.get("normalised");
    return Optional.ofNullable(said.get("kind"))
        .map(
            kind ->
                "%s%s%s"
                    .formatted(
                        kind,
                        form == null ? "" : form.equals("sum") ? ", sums" : ", means",
                        examples == null ? "" : " over %s examples".formatted(examples)));
  }
}
