package dev.stockpot.merge.run;

import dev.stockpot.merge.checkpoint.Checkpoint;
import java.util.List;

/**
 * A checkpoint as its headers tell, in which no problem was found.
 *
 * @param files of tensors
 * @param tensors in natural order
 */
public record Inspection(int files, List<Tensor> tensors) {

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

  static Inspection of(Checkpoint checkpoint) {
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
            .toList());
  }
}
