package dev.stockpot.merge.predict;

import java.io.Serializable;

/**
 * What one table says of one example. A bean, because Spark's encoders make nothing else without
 * boxing each number.
 */
public final class PredictionRow implements Serializable {
  /** A label that is there and names no class. */
  public static final int NO_CLASS = -2;

  /** Where text names the example, or nothing does. */
  public static final long NO_NUMBER = -1;

  private String id;
  private long number = NO_NUMBER;
  private int table;
  private int label = Block.UNKNOWN;
  private double[] scores;
  private float[] floats;

  /** For encoders. */
  public PredictionRow() {}

  PredictionRow(String id, int table, int label, double... scores) {
    this.id = id;
    this.table = table;
    this.label = label;
    this.scores = scores;
  }

  /** Names the example, which has neither this nor a number where the table names none. */
  public String getId() {
    return id;
  }

  public void setId(String id) {
    this.id = id;
  }

  /** Names the example, too; {@link #NO_NUMBER} where text does. */
  public long getNumber() {
    return number;
  }

  public void setNumber(long number) {
    this.number = number;
  }

  boolean isNamed() {
    return id != null || number != NO_NUMBER;
  }

  /** Whether it is of the same example as one that is named. */
  boolean isOf(PredictionRow named) {
    return number == named.number && (number != NO_NUMBER || named.id.equals(id));
  }

  String name() {
    return number == NO_NUMBER ? id : Long.toString(number);
  }

  /** Place of the table among all that are joined. */
  public int getTable() {
    return table;
  }

  public void setTable(int table) {
    this.table = table;
  }

  /** Place of the class, {@link Block#UNKNOWN} or {@link #NO_CLASS}. */
  public int getLabel() {
    return label;
  }

  public void setLabel(int label) {
    this.label = label;
  }

  /** A number a class; null in a table of labels. NaN where a cell is empty or no number. */
  public double[] getScores() {
    return scores;
  }

  public void setScores(double[] scores) {
    this.scores = scores;
  }

  /** The same in float32, where the table has them so. */
  public float[] getFloats() {
    return floats;
  }

  public void setFloats(float[] floats) {
    this.floats = floats;
  }

  int width() {
    return floats != null ? floats.length : scores != null ? scores.length : 0;
  }

  double score(int c) {
    return floats != null ? floats[c] : scores[c];
  }
}
