package dev.stockpot.merge.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.report.Table.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What we write, Parquet's own library reads. */
class ParquetFileTest {
  @TempDir private Path folder;

  private static Table table() {
    return new Table(
        new Column("text", Table.Type.TEXT),
        new Column("integer", Table.Type.INTEGER),
        new Column("long", Table.Type.LONG),
        new Column("real", Table.Type.REAL));
  }

  private List<Map<String, String>> read(Table table) throws IOException {
    Path file = folder.resolve("t.parquet");
    Files.write(file, ParquetFile.of(table).array());
    return ParquetRows.of(file);
  }

  @Test
  void keepsValuesOfEveryType() throws IOException {
    Table table = table();
    table.add("Käse \u2028 <b>", -7, Long.MIN_VALUE, 0.1);
    table.add("", 7, Long.MAX_VALUE, OptionalDouble.of(-1e300));
    assertThat(read(table))
        .containsExactly(
            Map.of(
                "text", "Käse \u2028 <b>",
                "integer", "-7",
                "long", "-9223372036854775808",
                "real", "0.1"),
            Map.of("text", "", "integer", "7", "long", "9223372036854775807", "real", "-1.0E300"));
  }

  @Test
  void leavesEmptyCellsEmpty() throws IOException {
    Table table = table();
    table.add("a", OptionalInt.empty(), null, OptionalDouble.empty());
    table.add(null, OptionalInt.of(3), null, null);
    assertThat(read(table)).containsExactly(Map.of("text", "a"), Map.of("integer", "3"));
  }

  @Test
  void hasNoRowsIfThereAreNone() throws IOException {
    assertThat(read(table())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 512, 1_025, 70_001}) // around groups of levels and long varints
  void keepsAnyNumberOfRows(int rows) throws IOException {
    Table table = table();
    for (int i = 0; i < rows; i++) {
      table.add(i % 3 == 0 ? null : "row " + i, i, (long) i, i % 2 == 0 ? null : (double) i);
    }
    List<Map<String, String>> read = read(table);
    assertThat(read).hasSize(rows);
    for (int i = 0; i < rows; i++) {
      assertThat(read.get(i).get("integer")).isEqualTo(String.valueOf(i));
      assertThat(read.get(i).get("text")).isEqualTo(i % 3 == 0 ? null : "row " + i);
      assertThat(read.get(i).get("real")).isEqualTo(i % 2 == 0 ? null : String.valueOf((double) i));
    }
  }

  @Test
  void refusesCellsOfAnotherTypeThanTheirColumns() {
    assertThatThrownBy(() -> table().add("a", 1L, 1L, 1.0)).hasMessageContaining("integer");
  }
}
