package dev.stockpot.merge.predict;

import java.util.ArrayList;
import java.util.List;

/** Makes soft labels of joined predictions. */
public final class TeachWork {
  private final TeachRequest request;
  private final Tables tables;
  private final Findings findings;

  public TeachWork(TeachRequest request, Tables tables, Findings findings) {
    this.request = request;
    this.tables = tables;
    this.findings = findings;
  }

  /**
   * Makes them.
   *
   * @throws dev.stockpot.merge.UserException if something asked for cannot be
   */
  public TeachResult over(Passes passes) {
    int models = tables.models();
    for (int model = 0; model < models; model++) {
      request.method().requireLogits(request.tables().get(model), tables.scales().get(model));
    }
    Weights weights = Ensemble.weights(request.method(), request.names(), request.weights());
    Combination soft = softened(request.method().rule().of(weights));
    List<Combination> teachers = new ArrayList<>();
    for (int model = 0; model < models; model++) {
      teachers.add(softened(new Single(model)));
    }
    double[] sums = passes.over(new TeachSums(soft, teachers, request.most()));
    List<String> notices = new ArrayList<>();
    if (findings.masked() > 0) {
      notices.add(
          "%s of %s examples lack predictions of some teacher; the others teach them"
              .formatted(findings.masked(), findings.examples()));
    }
    List<Long> histogram = new ArrayList<>();
    for (int i = 0; i < TeachSums.COUNTS; i++) {
      histogram.add((long) sums[TeachSums.HISTOGRAM + i]);
    }
    return new TeachResult(
        findings.examples(),
        tables.classes(),
        request.temperature(),
        sums[TeachSums.ALIKE] / sums[0],
        sums[TeachSums.ENTROPY] / sums[0],
        sums[TeachSums.KEPT] / sums[0],
        histogram,
        teachers(sums),
        notices,
        new TaughtRows(soft, Math.min(request.most(), tables.classes())));
  }

  private Combination softened(Combination of) {
    return request.temperature() == 1
        ? of
        : new Softened(of, tables.models(), request.temperature());
  }

  private List<TeachResult.Teacher> teachers(double[] sums) {
    List<TeachResult.Teacher> teachers = new ArrayList<>();
    for (int model = 0; model < tables.models(); model++) {
      int at = TeachSums.TEACHERS + model * TeachSums.WIDTH;
      double n = sums[at];
      teachers.add(
          new TeachResult.Teacher(
              request.names().get(model),
              (long) n,
              sums[at + 1] / n,
              sums[at + 2] / n,
              sums[at + 3] / n));
    }
    return teachers;
  }
}
