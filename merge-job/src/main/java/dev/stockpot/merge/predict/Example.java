package dev.stockpot.merge.predict;

import java.util.Arrays;
import java.util.List;

/** Reads what all tables say of one example, one example after another. */
final class Example {
  private final Tables tables;
  private final Findings findings;
  private final boolean[] isThere;
  private int label;
  private int labelTable;
  private boolean isFaulty;
  private PredictionRow named;

  Example(Tables tables, Findings findings) {
    this.tables = tables;
    this.findings = findings;
    this.isThere = new boolean[tables.all()];
  }

  int label() {
    return label;
  }

  /**
   * Reads it.
   *
   * @param rows of one example, by table
   * @param into logits of all models, from {@code at}
   * @return whether it is one, without faults
   */
  boolean read(List<PredictionRow> rows, double[] into, int at) {
    named = rows.get(0);
    label = Block.UNKNOWN;
    isFaulty = false;
    Arrays.fill(isThere, false);
    Arrays.fill(into, at, at + tables.models() * tables.classes(), Double.NaN);
    for (PredictionRow row : rows) {
      int table = row.getTable();
      if (isThere[table]) {
        fault(Fault.DUPLICATE, table, "");
        continue;
      }
      isThere[table] = true;
      label(row);
      if (table < tables.models()) {
        scores(row, into, at + table * tables.classes());
      }
    }
    return isWhole();
  }

  private boolean isWhole() {
    int there = 0;
    int firstMissing = -1;
    for (int table = 0; table < tables.models(); table++) {
      there += isThere[table] ? 1 : 0;
      firstMissing = firstMissing < 0 && !isThere[table] ? table : firstMissing;
    }
    if (there == 0) { // labels may be of more
      return false;
    }
    if (firstMissing >= 0 && !tables.masks()) {
      fault(Fault.MISSING, firstMissing, "");
    }
    if (!isFaulty) {
      findings.example(label != Block.UNKNOWN, firstMissing >= 0);
    }
    return !isFaulty;
  }

  private void fault(Fault fault, int table, String detail) {
    isFaulty = true;
    findings.fault(fault, table, named.name(), detail);
  }

  private void label(PredictionRow row) {
    int said = row.getLabel();
    if (said == Block.UNKNOWN) {
      return;
    }
    if (said < 0 || said >= tables.classes()) {
      String what = said == PredictionRow.NO_CLASS ? "no whole number" : String.valueOf(said);
      fault(Fault.LABEL, row.getTable(), "%s, of %s classes".formatted(what, tables.classes()));
    } else if (label == Block.UNKNOWN) {
      label = said;
      labelTable = row.getTable();
    } else if (label != said) {
      fault(
          Fault.LABELS_DISAGREE,
          row.getTable(),
          "%s here, %s in table %s of them".formatted(said, label, labelTable + 1));
    }
  }

  private void scores(PredictionRow row, double[] into, int at) {
    Scale scale = tables.scales().get(row.getTable());
    int length = row.width();
    if (length != tables.classes()) {
      fault(Fault.CLASSES, row.getTable(), "%s, not %s".formatted(length, tables.classes()));
      return;
    }
    double sum = 0;
    double plain = 0;
    double most = Double.NEGATIVE_INFINITY;
    boolean isUnit = true;
    for (int c = 0; c < length; c++) {
      double score = row.score(c);
      if (Double.isNaN(score) || !scale.isOne(score)) {
        fault(
            Double.isNaN(score) ? Fault.NOT_A_NUMBER : Fault.OUTSIDE,
            row.getTable(),
            "class %s: %s, of %s".formatted(c, score, scale.word()));
        return;
      }
      sum += scale.probability(score);
      plain += score;
      isUnit &= score >= 0 && score <= 1;
      into[at + c] = scale.logit(score);
      most = Math.max(most, into[at + c]);
    }
    findings.row(row.getTable(), isUnit && Math.abs(plain - 1) <= Scale.TOLERANCE);
    if (scale.isNormalised() && Math.abs(sum - 1) > Scale.TOLERANCE) {
      fault(Fault.SUM, row.getTable(), "sum %s".formatted(sum));
    } else if (most == Double.NEGATIVE_INFINITY) {
      fault(Fault.IMPOSSIBLE, row.getTable(), "%s classes".formatted(length));
    }
  }
}
