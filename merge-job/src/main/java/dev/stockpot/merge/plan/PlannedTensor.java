package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.merge.output.OutputFolder;
import dev.stockpot.merge.output.OutputTensor;
import java.util.List;
import java.util.Map;

/**
 * An output tensor, how it is made, and why so.
 *
 * @param output one of those that the work makes
 * @param merge parameters of the merge as a whole, resolved for this tensor
 * @param models parameters of each model that takes part, resolved for this tensor, by the model's
 *     path
 */
public record PlannedTensor(
    OutputTensor output,
    TensorWork work,
    ParameterValues merge,
    List<Map.Entry<String, ParameterValues>> models) {
  public PlannedTensor {
    requireNonNull(output, "output is null");
    requireNonNull(work, "work is null");
    models = List.copyOf(models);
  }

  /** What a work is done for. */
  PlannedTensor(
      TensorWork work, ParameterValues merge, List<Map.Entry<String, ParameterValues>> models) {
    this(work.outputs().get(0), work, merge, models);
  }

  /** Whether it is the output that its work is laid out with; others lie behind it. */
  boolean isFirst() {
    return !work.liesTogether() || output.equals(work.outputs().get(0));
  }

  /** A tensor that no parameter decides on. */
  public static PlannedTensor of(TensorWork work) {
    return new PlannedTensor(work, ParameterValues.NONE, List.of());
  }

  /** A plan of nothing but these, which read nothing beside their inputs. */
  public static MergePlan plan(
      List<PlannedTensor> tensors,
      PlanSettings settings,
      OutputFolder output,
      List<String> notices) {
    ShardLayout layout = new ShardLayout(tensors, settings);
    return new MergePlan(
        layout.shards(), layout.parts(), layout.scans(), output, MergeSides.NONE, notices);
  }

  /** Every tensor of a plan's shards, in order. */
  public static List<PlannedTensor> of(MergePlan plan) {
    return plan.shards().stream()
        .flatMap(shard -> shard.tensors().stream())
        .map(OutputShard.Placed::tensor)
        .toList();
  }
}
