package dev.stockpot.merge.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.checkpoint.TensorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows that a task makes of tensors. */
class TensorRowsTest {
  private static final List<Column> CHUNKS = List.of(Column.NAME, Column.FIRST, Column.VALUES);
  private final StoredTensors files = new StoredTensors();

  private TensorRows rows(List<Column> columns, int chunk, TensorInfo... tensors) {
    List<TensorRow> of =
        Arrays.stream(tensors).map(tensor -> new TensorRow("a", tensor, "", -1)).toList();
    return new TensorRows(new TensorSplit(files, of), columns, chunk);
  }

  /** Each row as {@code name, first, values}. */
  private List<String> chunks(int chunk, TensorInfo... tensors) throws IOException {
    List<String> all = new ArrayList<>();
    try (TensorRows rows = rows(CHUNKS, chunk, tensors)) {
      while (rows.next()) {
        InternalRow row = rows.get();
        ArrayData values = row.isNullAt(2) ? null : row.getArray(2);
        all.add(
            "%s %s %s"
                .formatted(
                    row.getUTF8String(0),
                    row.getLong(1),
                    values == null ? "null" : Arrays.toString(values.toFloatArray())));
      }
    }
    assertThat(files.open()).isZero();
    assertThat(files.users()).isZero();
    return all;
  }

  @ParameterizedTest
  @CsvSource({"1, 6", "2, 3", "3, 2", "4, 2", "5, 2", "6, 1", "100, 1"})
  void aTensorHasAsManyRowsAsChunks(int chunk, int count) throws IOException {
    assertThat(chunks(chunk, files.floats("x", 1, 2, 3, 4, 5, 6))).hasSize(count);
  }

  @Test
  void theLastChunkIsWhatIsLeftAndTheNextTensorBeginsAnew() throws IOException {
    assertThat(chunks(2, files.floats("x", 1, 2, 3), files.floats("y", 4, 5)))
        .containsExactly("x 0 [1.0, 2.0]", "x 2 [3.0]", "y 0 [4.0, 5.0]");
  }

  @Test
  void whatIsNoNumberHasOneRowWithoutValuesAndIsNotRead() throws IOException {
    TensorInfo ids = files.tensor("ids", DType.I64, file -> {}, 5);
    TensorInfo codes = files.tensor("codes", DType.F8_E4M3, file -> {}, 5);

    assertThat(chunks(2, ids, codes)).containsExactly("ids 0 null", "codes 0 null");
    assertThat(files.opened()).isZero();
  }

  @Test
  void anEmptyTensorHasOneRowOfNoValues() throws IOException {
    assertThat(chunks(2, files.tensor("x", DType.F32, file -> {}, 0, 3))).containsExactly("x 0 []");
  }

  @Test
  void withoutChunksATensorHasOneRow() throws IOException {
    List<Column> columns = List.of(Column.LAYER, Column.SHAPE, Column.ELEMENTS, Column.STACK);
    try (TensorRows rows = rows(columns, 0, files.tensor("x", DType.F32, file -> {}, 2, 3))) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.get().isNullAt(0)).isTrue();
      assertThat(rows.get().getArray(1).toLongArray()).containsExactly(2, 3);
      assertThat(rows.get().getLong(2)).isEqualTo(6);
      assertThat(rows.get().isNullAt(3)).isTrue();
      assertThat(rows.next()).isFalse();
    }
    assertThat(files.opened()).isZero();
  }

  @Test
  void statisticsAreReadOnceForAllColumnsOfARow() throws IOException {
    List<Column> columns = List.of(Column.MAX, Column.NAME, Column.MIN, Column.NONFINITE);
    try (TensorRows rows = rows(columns, 0, files.floats("x", 1, -4, Float.NaN))) {
      assertThat(rows.next()).isTrue();
      InternalRow row = rows.get();
      assertThat(row.getDouble(0)).isEqualTo(1);
      assertThat(row.getUTF8String(1)).hasToString("x");
      assertThat(row.getDouble(2)).isEqualTo(-4);
      assertThat(row.getLong(3)).isOne();
      assertThat(rows.currentMetricsValues())
          .satisfiesExactly(
              metric -> {
                assertThat(metric.name()).isEqualTo("bytesRead");
                assertThat(metric.value()).isEqualTo(12);
              });
    }
  }

  @Test
  void aFileThatIsGoneIsToldWithTheTensorAndTheModel() throws IOException {
    TensorInfo gone = files.floats("x", 1);
    files.store().delete(gone.shard().location());
    try (TensorRows rows = rows(CHUNKS, 2, gone)) {
      assertThat(rows.next()).isTrue();
      assertThatThrownBy(rows::get)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessage("x of a: /m/x.safetensors");
    }
    assertThat(files.users()).isZero();
  }
}
