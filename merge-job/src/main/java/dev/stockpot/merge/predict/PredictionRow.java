package dev.stockpot.merge.predict;

import java.io.Serializable;

/**
 * What one table says of one example. A bean, because Spark's encoders make nothing else without
 * boxing each number.
 */
public final class PredictionRow implements Serializable {
  /** A label that is there and names no class. */
  public static final int NO_CLASS = -2;

  private String id;
  private int table;
  private int label = Block.UNKNOWN;
  private double[] scores;

  /** For encoders. */
  public PredictionRow() {}

  PredictionRow(String id, int table, int label, double... scores) {
    this.id = id;
    this.table = table;
    this.label = label;
    this.scores = scores;
  }

  /** Names the example; null where the table names none. */
  public String getId() {
    return id;
  }

  public void setId(String id) {
    this.id = id;
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
}
