package dev.stockpot.merge.spark.frames;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.IntegralType;

/**
 * How examples of a table are called. Whatever they are, examples are spread over buckets and
 * sorted by the text that says it; numbers of up to 15 digits stay numbers on the way, of which
 * Spark moves fewer bytes and which it sorts several times faster.
 *
 * @param rows of the table
 * @param areShort whether all are whole numbers of 0 or more, of up to 15 digits
 */
record ExampleIds(long rows, boolean areShort) {
  /** Tables that a key tells apart. */
  static final int MOST_TABLES = 256;

  private static final int MOST_DIGITS = 15;
  private static final long END = 1_000_000_000_000_000L;

  /** Looks at all of a table; at none of its columns but this. */
  static ExampleIds of(Dataset<Row> rows) {
    if (!(rows.schema().apply(Frame.ID).dataType() instanceof IntegralType)) {
      return new ExampleIds(rows.count(), false);
    }
    Column id = col(Frame.ID).cast("long");
    Row found = rows.agg(count(lit(1)), min(id), max(id)).first();
    boolean isEmpty = found.isNullAt(1); // or none of its examples is called anything
    return new ExampleIds(
        found.getLong(0), isEmpty || (found.getLong(1) >= 0 && found.getLong(2) < END));
  }

  /**
   * A number that sorts as the text of an id does, and then as the table does: the digits from the
   * left, how many there are, the table. Without an id, the table alone, below all others.
   */
  static Column key(Column id, Column table) {
    Column key = when(id.isNull(), table.cast("long").minus(MOST_TABLES));
    long end = 1;
    for (int digits = 1; digits <= MOST_DIGITS; digits++) {
      end *= 10;
      Column ofDigits = id.multiply(END / end * (MOST_DIGITS + 1)).plus(digits);
      key = key.when(id.lt(end), ofDigits.multiply(MOST_TABLES).plus(table));
    }
    return key;
  }
}
