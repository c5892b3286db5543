package dev.stockpot.merge.table;

import org.apache.spark.sql.connector.metric.CustomSumMetric;

/** Bytes of tensors that a query read, as Spark's UI shows them. */
public final class BytesRead extends CustomSumMetric {
  static final String NAME = "bytesRead";

  /** Made by Spark. */
  public BytesRead() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "bytes of tensors read";
  }
}
