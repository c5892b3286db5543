package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.kernels.observe.DifferenceScan;
import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
    CommonTensors common =
        CommonTensors.of(List.of(base, model), settings.taskBytes(), DifferencePlan::look);
    List<OutputTensor> tensors =
        common.looks().stream()
            .map(
                look -> {
                  TensorSource to = common.models().get(1).tensors().get(look.name());
                  return new OutputTensor(look.name(), to.dtype(), to.shape());
                })
            .toList();
    return new DifferencePlan(cut(common.looks(), settings), tensors, common.notices());
  }

  /** Looked at as a statistic of the model, so that small tensors share a task. */
  private static Look look(String name, List<TensorSource> sources) {
    return new Look(name, sources, new DifferenceScan(name), ScanScope.MODEL);
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
