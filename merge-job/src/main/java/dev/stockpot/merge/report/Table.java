package dev.stockpot.merge.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Rows under named columns. A cell can be empty. */
final class Table {
  private final List<Column> columns;
  private final List<List<Object>> rows = new ArrayList<>();

  enum Type {
    TEXT(String.class),
    INTEGER(Integer.class),
    LONG(Long.class),
    REAL(Double.class);

    private final Class<?> java;

    Type(Class<?> java) {
      this.java = java;
    }
  }

  record Column(String name, Type type) {}

  Table(Column... columns) {
    this.columns = List.of(columns);
  }

  /**
   * Adds a row.
   *
   * @param cells a value of the column's type for each column, null or an empty optional for none
   */
  void add(Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException("%s cells under %s".formatted(cells.length, columns));
    }
    List<Object> row = new ArrayList<>(Arrays.stream(cells).map(Table::value).toList());
    for (int i = 0; i < row.size(); i++) {
      if (row.get(i) != null && !columns.get(i).type().java.isInstance(row.get(i))) {
        throw new IllegalArgumentException("%s under %s".formatted(row.get(i), columns.get(i)));
      }
    }
    rows.add(Collections.unmodifiableList(row));
  }

  private static Object value(Object cell) {
    if (cell instanceof OptionalDouble number) {
      return number.isPresent() ? number.getAsDouble() : null;
    }
    if (cell instanceof OptionalInt number) {
      return number.isPresent() ? number.getAsInt() : null;
    }
    return cell;
  }

  List<Column> columns() {
    return columns;
  }

  List<List<Object>> rows() {
    return Collections.unmodifiableList(rows);
  }
}
