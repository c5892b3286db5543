package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.kernels.observe.DifferenceScan;
import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
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
 * @param looks the work: tensors that are looked at, and of which nothing is made
 * @param tensors that are compared, in the order of the base
 * @param notices what is not compared, and why
 */
public record DifferencePlan(ScanPlan looks, List<OutputTensor> tensors, List<String> notices) {
  public DifferencePlan {
    tensors = List.copyOf(tensors);
    notices = List.copyOf(notices);
  }

  /** Compares tensors of equal names, if their shapes are equal and their elements are numbers. */
  public static DifferencePlan of(Model base, Model model, PlanSettings settings) {
    List<Look> looks = new ArrayList<>();
    List<OutputTensor> tensors = new ArrayList<>();
    Map<String, List<String>> left = new LinkedHashMap<>();
    base.tensors()
        .forEach(
            (name, from) -> {
              TensorSource to = model.tensors().get(name);
              Optional<String> obstacle = obstacle(base, model, from, to);
              if (obstacle.isPresent()) {
                left.computeIfAbsent(obstacle.get(), any -> new ArrayList<>()).add(name);
              } else {
                looks.add(look(name, from, to));
                tensors.add(new OutputTensor(name, to.dtype(), to.shape()));
              }
            });
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
    return new DifferencePlan(cut(looks, settings), tensors, notices);
  }

  private static Optional<String> obstacle(
      Model base, Model model, TensorSource from, TensorSource to) {
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

  /** Looked at as a statistic of the model, so that small tensors share a task. */
  private static Look look(String name, TensorSource from, TensorSource to) {
    return new Look(name, List.of(from, to), new DifferenceScan(name), ScanScope.MODEL);
  }

  private static ScanPlan cut(List<Look> looks, PlanSettings settings) {
    List<ScannedWork> cut = new ArrayList<>();
    long most = 2 * settings.partBytes(); // of either model a part
    for (Look look : InputOrder.sort(looks, work -> work)) {
      List<SliceTask> slices =
          look.cut(settings.partBytes(), settings.taskBytes()).stream()
              .map(span -> new SliceTask(look, span))
              .toList();
      most = Math.max(most, slices.get(0).bytesRead());
      cut.add(new ScannedWork(look, slices));
    }
    return new ScanPlan(cut, most);
  }

  /**
   * What the looks found.
   *
   * @param looked the plan of the looks, knowing it
   * @return figures of each tensor, by name
   */
  public static Map<String, Figures> figures(ScanPlan looked) {
    Map<String, Figures> figures = new HashMap<>();
    looked.works().stream()
        .flatMap(scanned -> scanned.work().found().stream())
        .findFirst() // each knows of all
        .ifPresent(
            found ->
                DifferenceScan.Differences.of(found)
                    .tensors()
                    .forEach((name, seen) -> figures.put(name, seen.figures())));
    return figures;
  }
}
