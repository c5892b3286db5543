package dev.stockpot.merge.plan;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a merge reads and makes beside models.
 *
 * @param inputs in the order in which the recipe names them
 * @param outputs in the order of the method's side outputs
 */
record MergeSides(List<Statistics> inputs, List<SideFolder> outputs) {
  /** No side inputs and no side outputs. */
  public static final MergeSides NONE = new MergeSides(List.of(), List.of());

  public MergeSides {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  MergeSides with(List<SideFolder> made) {
    return new MergeSides(inputs, made);
  }

  Stream<OutputShard> shards() {
    return outputs.stream().flatMap(folder -> folder.shards().stream());
  }
}
