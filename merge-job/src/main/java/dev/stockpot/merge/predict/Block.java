package dev.stockpot.merge.predict;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * Predictions of all models for some examples, joined. No record: Spark's Kryo makes none.
 *
 * <p>{@code logits} has, example by example, the classes of each model; NaN where the model said
 * nothing of the example. A label of {@link #UNKNOWN} is not known.
 */
public final class Block implements Serializable {
  /** The label of an example of which nobody said it. */
  public static final int UNKNOWN = -1;

  /** Most numbers of a block: 2 MiB of them. */
  private static final int MOST_NUMBERS = 1 << 18;

  private static final int MOST_ROWS = 4096;

  private final byte[] ids; // text behind text: one array is stored much faster than many
  private final int[] idEnds;
  private final int[] labels;
  private final double[] logits;
  private final int models;
  private final int classes;
  private final Findings findings;

  Block(String[] ids, int[] labels, double[] logits, Tables tables, Findings findings) {
    this(ids, labels, logits, tables.models(), tables.classes(), findings);
  }

  private Block(
      String[] ids, int[] labels, double[] logits, int models, int classes, Findings findings) {
    if (labels.length != ids.length || logits.length != ids.length * models * classes) {
      throw new IllegalArgumentException(
          "%s labels and %s logits of %s examples, %s models and %s classes"
              .formatted(labels.length, logits.length, ids.length, models, classes));
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    this.idEnds = new int[ids.length];
    for (int row = 0; row < ids.length; row++) {
      text.writeBytes(ids[row].getBytes(UTF_8));
      idEnds[row] = text.size();
    }
    this.ids = text.toByteArray();
    this.labels = labels;
    this.logits = logits;
    this.models = models;
    this.classes = classes;
    this.findings = findings;
  }

  /** How many examples blocks have, but the last one of a bucket. */
  static int rows(int models, int classes) {
    return Math.max(1, Math.min(MOST_ROWS, MOST_NUMBERS / (models * classes)));
  }

  public int rows() {
    return labels.length;
  }

  public int classes() {
    return classes;
  }

  public String id(int row) {
    int begin = row == 0 ? 0 : idEnds[row - 1];
    return new String(ids, begin, idEnds[row] - begin, UTF_8);
  }

  public int label(int row) {
    return labels[row];
  }

  /** What was met on the way to it. */
  public Findings findings() {
    return findings;
  }

  double[] logits() {
    return logits;
  }

  /** Those of its examples whose ids pass. */
  Block of(Predicate<String> passes) {
    String[] some = new String[rows()];
    int[] theirLabels = new int[rows()];
    double[] theirLogits = new double[logits.length];
    int width = models * classes;
    int count = 0;
    for (int row = 0; row < rows(); row++) {
      String id = id(row);
      if (passes.test(id)) {
        some[count] = id;
        theirLabels[count] = labels[row];
        System.arraycopy(logits, row * width, theirLogits, count++ * width, width);
      }
    }
    return new Block(
        Arrays.copyOf(some, count),
        Arrays.copyOf(theirLabels, count),
        Arrays.copyOf(theirLogits, count * width),
        models,
        classes,
        findings);
  }

  /** Where the logits of an example begin. */
  int at(int row) {
    return row * models * classes;
  }
}
