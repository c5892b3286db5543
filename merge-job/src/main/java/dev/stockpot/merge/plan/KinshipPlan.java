package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.observe.KinshipScan;
import dev.stockpot.kernels.observe.KinshipSums;
import dev.stockpot.kernels.observe.KinshipView;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is read to tell how models are related.
 *
 * @param looks the work
 * @param view which models there are
 * @param shapes of what is looked at, by name, in the order of the first model
 * @param notices what is not compared, and why
 */
public record KinshipPlan(
    ScanPlan looks, KinshipView view, Map<String, Shape> shapes, List<String> notices) {
  /** Bytes that one task reads of a sample: enough that it is worth a task. */
  private static final long SAMPLE_TASK = 32 << 20;

  /** Bytes of a slice where all is read. It has no part in the settings: sums hang on the cuts. */
  private static final long SLICE = 32 << 20;

  public KinshipPlan {
    shapes = new LinkedHashMap<>(shapes);
    notices = List.copyOf(notices);
  }

  /**
   * Looks at tensors of equal names, if their shapes are equal and their elements are numbers.
   *
   * @param isSample whether a sample of each is enough, of 256 Ki elements for most and of 512 Ki
   *     for matrices of long rows
   */
  public static KinshipPlan of(
      List<Model> models, KinshipView view, boolean isSample, PlanSettings settings) {
    CommonTensors common =
        CommonTensors.of(
            SameNames.of(models),
            settings.taskBytes(),
            (name, sources) ->
                new Look(
                    name,
                    sources,
                    new KinshipScan(name, view, Sample.unit(sources.get(0).shape())),
                    ScanScope.MODEL));
    List<ScannedWork> works = new ArrayList<>();
    for (Look look : InputOrder.sort(common.looks(), work -> work)) {
      List<ElementSpan> spans =
          isSample
              ? Sample.of(look.shape()).spans(look.name())
              : look.cut(SLICE, settings.taskBytes());
      works.add(
          new ScannedWork(look, spans.stream().map(span -> new SliceTask(look, span)).toList()));
    }
    Map<String, Shape> shapes = new LinkedHashMap<>();
    common.looks().forEach(look -> shapes.put(look.name(), look.shape()));
    long task = isSample ? SAMPLE_TASK : view.models() * settings.partBytes();
    return new KinshipPlan(new ScanPlan(works, task), view, shapes, common.notices());
  }

  /**
   * What the looks found.
   *
   * @param looked the plan of the looks, knowing it
   * @return what was seen of each tensor, by name
   */
  public Map<String, KinshipSums> found(ScanPlan looked) {
    Map<String, KinshipSums> inOrder = new LinkedHashMap<>();
    looked.works().stream()
        .flatMap(scanned -> scanned.work().found().stream())
        .findFirst() // each knows of all
        .map(found -> KinshipScan.Found.of(found).tensors())
        .ifPresent(all -> shapes.keySet().forEach(name -> inOrder.put(name, all.get(name))));
    return inOrder;
  }
}
