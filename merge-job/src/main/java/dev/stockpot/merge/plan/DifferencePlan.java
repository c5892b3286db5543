package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.observe.DifferenceProgram;
import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.output.OutputFolder;
import dev.stockpot.merge.output.OutputTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The comparison of a checkpoint with its base.
 *
 * @param scans the work: a plan that is scanned and never made
 * @param tensors that are compared, in the order of the base
 * @param notices what is not compared, and why
 */
public record DifferencePlan(MergePlan scans, List<OutputTensor> tensors, List<String> notices) {
  public DifferencePlan {
    tensors = List.copyOf(tensors);
    notices = List.copyOf(notices);
  }

  /** Compares tensors of equal names, if their shapes are equal and their elements are numbers. */
  public static DifferencePlan of(Checkpoint base, Checkpoint model, PlanSettings settings) {
    List<PlannedTensor> compared = new ArrayList<>();
    Map<String, List<String>> left = new LinkedHashMap<>();
    for (TensorInfo from : base.tensors().values()) {
      TensorInfo to = model.tensors().get(from.name());
      Optional<String> obstacle = obstacle(base, model, from, to);
      if (obstacle.isPresent()) {
        left.computeIfAbsent(obstacle.get(), any -> new ArrayList<>()).add(from.name());
      } else {
        compared.add(comparison(from, to));
      }
    }
    List<String> added =
        model.tensors().keySet().stream()
            .filter(name -> !base.tensors().containsKey(name))
            .toList();
    if (!added.isEmpty()) {
      left.put("%s has no such tensor".formatted(base.folder()), added);
    }
    List<String> notices = new ArrayList<>();
    left.forEach(
        (reason, names) ->
            notices.add(
                "%s not compared, because %s: %s"
                    .formatted(
                        Gathering.tensors(names.size()), reason, Gathering.examples(names))));
    ShardLayout layout = new ShardLayout(compared, settings);
    MergePlan scans =
        new MergePlan(
            layout.shards(),
            layout.parts(),
            layout.large(),
            new OutputFolder(settings.layout(), List.of(), List.of()),
            List.of());
    return new DifferencePlan(
        scans, compared.stream().map(tensor -> tensor.work().output()).toList(), notices);
  }

  private static Optional<String> obstacle(
      Checkpoint base, Checkpoint model, TensorInfo from, TensorInfo to) {
    if (to == null) {
      return Optional.of("%s has no such tensor".formatted(model.folder()));
    }
    if (!from.shape().equals(to.shape())) {
      return Optional.of(
          "their shapes differ between %s and %s".formatted(base.folder(), model.folder()));
    }
    if (from.shape().elements() == 0) {
      return Optional.of("they have no elements");
    }
    return from.dtype().isReadable() && to.dtype().isReadable()
        ? Optional.empty()
        : Optional.of("their elements are no floating-point numbers");
  }

  private static PlannedTensor comparison(TensorInfo from, TensorInfo to) {
    OutputTensor output = new OutputTensor(to.name(), to.dtype(), to.shape());
    TensorWork.Merge work =
        new TensorWork.Merge(
            output, List.of(from, to), new DifferenceProgram(to.name()), Rounding.NEAREST, 0);
    return new PlannedTensor(work, ParameterValues.NONE, List.of());
  }

  /**
   * What the scans found.
   *
   * @param scanned the plan of the scans, knowing what they found
   * @return figures of each tensor, by name
   */
  public static Map<String, Figures> figures(MergePlan scanned) {
    Map<String, Figures> figures = new HashMap<>();
    for (MergePlan.LargeTensor tensor : scanned.scans()) {
      DifferenceProgram.Compared program = (DifferenceProgram.Compared) tensor.work().program();
      figures.put(program.tensor(), program.seen().figures());
    }
    return figures;
  }
}
