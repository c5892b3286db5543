package dev.stockpot.merge.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.apache.spark.sql.sources.And;
import org.apache.spark.sql.sources.EqualTo;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.sources.GreaterThan;
import org.apache.spark.sql.sources.GreaterThanOrEqual;
import org.apache.spark.sql.sources.In;
import org.apache.spark.sql.sources.IsNotNull;
import org.apache.spark.sql.sources.IsNull;
import org.apache.spark.sql.sources.LessThan;
import org.apache.spark.sql.sources.LessThanOrEqual;
import org.apache.spark.sql.sources.Or;
import org.apache.spark.sql.sources.StringContains;
import org.apache.spark.sql.sources.StringEndsWith;
import org.apache.spark.sql.sources.StringStartsWith;

/**
 * Conditions of a query that headers decide, so that tensors which do not meet them are not read. A
 * condition on null is not met, as in SQL; therefore negations are left to Spark.
 */
final class HeaderFilter {
  private HeaderFilter() {}

  /** Whether a condition speaks of headers alone, in a form that is known here. */
  static boolean decides(Filter filter) {
    if (filter instanceof And and) {
      return decides(and.left()) && decides(and.right());
    }
    if (filter instanceof Or or) {
      return decides(or.left()) && decides(or.right());
    }
    boolean isKnown =
        List.of(
                EqualTo.class,
                In.class,
                IsNull.class,
                IsNotNull.class,
                LessThan.class,
                LessThanOrEqual.class,
                GreaterThan.class,
                GreaterThanOrEqual.class,
                StringStartsWith.class,
                StringEndsWith.class,
                StringContains.class)
            .contains(filter.getClass());
    return isKnown
        && Arrays.stream(filter.references())
            .map(Column::named)
            .allMatch(column -> column.filter(HeaderFilter::isComparable).isPresent());
  }

  private static boolean isComparable(Column column) {
    return column.group() == Column.Group.HEADER && column != Column.SHAPE;
  }

  /** Whether a tensor meets a condition. */
  static boolean passes(Filter filter, TensorRow row) {
    if (filter instanceof And and) {
      return passes(and.left(), row) && passes(and.right(), row);
    }
    if (filter instanceof Or or) {
      return passes(or.left(), row) || passes(or.right(), row);
    }
    Object value = Column.named(filter.references()[0]).orElseThrow().of(row);
    if (filter instanceof IsNull) {
      return value == null;
    }
    return value != null && passes(filter, value);
  }

  private static boolean passes(Filter filter, Object value) {
    if (filter instanceof EqualTo equal) {
      return is(value, equal.value(), order -> order == 0);
    }
    if (filter instanceof In in) {
      return Arrays.stream(in.values()).anyMatch(one -> is(value, one, order -> order == 0));
    }
    if (filter instanceof LessThan less) {
      return is(value, less.value(), order -> order < 0);
    }
    if (filter instanceof LessThanOrEqual less) {
      return is(value, less.value(), order -> order <= 0);
    }
    if (filter instanceof GreaterThan greater) {
      return is(value, greater.value(), order -> order > 0);
    }
    if (filter instanceof GreaterThanOrEqual greater) {
      return is(value, greater.value(), order -> order >= 0);
    }
    String text = value.toString();
    if (filter instanceof StringStartsWith starts) {
      return text.startsWith(starts.value());
    }
    if (filter instanceof StringEndsWith ends) {
      return text.endsWith(ends.value());
    }
    return filter instanceof StringContains contains
        ? text.contains(contains.value())
        : filter instanceof IsNotNull;
  }

  /** How a value compares; not at all with null. */
  private static boolean is(Object value, Object other, IntPredicate order) {
    return Optional.ofNullable(other)
        .map(
            given ->
                value instanceof Number number
                    ? Long.compare(number.longValue(), ((Number) given).longValue())
                    : Arrays.compareUnsigned(utf8(value), utf8(given))) // as Spark has them
        .filter(order::test)
        .isPresent();
  }

  private static byte[] utf8(Object text) {
    return text.toString().getBytes(UTF_8);
  }
}
