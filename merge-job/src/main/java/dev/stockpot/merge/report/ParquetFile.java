package dev.stockpot.merge.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A table as a Parquet file: one row group, one page a column, plain values, not compressed. That
 * is all that a few thousand rows need; Parquet's own library would add 10 MB of jars and a second
 * to every merge.
 *
 * <p>Numbers are those of {@code parquet.thrift} in the format's specification.
 */
final class ParquetFile {
  private static final byte[] MAGIC = "PAR1".getBytes(UTF_8);
  private static final int VERSION = 1;
  private static final int OPTIONAL = 1;
  private static final int UTF8 = 0;
  private static final int UNCOMPRESSED = 0;
  private static final int DATA_PAGE = 0;
  private static final int PLAIN = 0;
  private static final int RLE = 3;

  /** A column's page in the file. */
  private record Chunk(Table.Column column, long offset, int size) {}

  private ParquetFile() {}

  static ByteBuffer of(Table table) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(MAGIC);
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < table.columns().size() && !table.rows().isEmpty(); i++) {
      byte[] page = page(table.rows(), i);
      chunks.add(new Chunk(table.columns().get(i), file.size(), page.length));
      file.writeBytes(page);
    }
    byte[] footer = footer(table, chunks);
    file.writeBytes(footer);
    file.writeBytes(littleEndian(Integer.BYTES).putInt(footer.length).array());
    file.writeBytes(MAGIC);
    return ByteBuffer.wrap(file.toByteArray());
  }

  private static byte[] page(List<List<Object>> rows, int column) {
    List<Object> cells = new ArrayList<>();
    rows.forEach(row -> cells.add(row.get(column)));
    byte[] levels = levels(cells);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(littleEndian(Integer.BYTES).putInt(levels.length).array());
    content.writeBytes(levels);
    cells.stream().filter(Objects::nonNull).forEach(cell -> content.writeBytes(plain(cell)));
    byte[] header =
        CompactThrift.struct(
            page ->
                page.int32(1, DATA_PAGE)
                    .int32(2, content.size())
                    .int32(3, content.size())
                    .struct(
                        5,
                        data ->
                            data.int32(1, cells.size())
                                .int32(2, PLAIN)
                                .int32(3, RLE)
                                .int32(4, RLE)));
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    page.writeBytes(header);
    page.writeBytes(content.toByteArray());
    return page.toByteArray();
  }

  /**
   * Which cells are there: one run of single bits, in groups of eight, the first bit the lowest.
   */
  private static byte[] levels(List<Object> cells) {
    int groups = (cells.size() + 7) / 8;
    byte[] bits = new byte[groups];
    for (int i = 0; i < cells.size(); i++) {
      if (cells.get(i) != null) {
        bits[i / 8] |= (byte) (1 << (i % 8));
      }
    }
    ByteArrayOutputStream levels = new ByteArrayOutputStream();
    int header = (groups << 1) | 1;
    for (; header >>> 7 != 0; header >>>= 7) {
      levels.write((header & 0x7F) | 0x80);
    }
    levels.write(header);
    levels.writeBytes(bits);
    return levels.toByteArray();
  }

  private static byte[] plain(Object cell) {
    if (cell instanceof Integer number) {
      return littleEndian(Integer.BYTES).putInt(number).array();
    }
    if (cell instanceof Long number) {
      return littleEndian(Long.BYTES).putLong(number).array();
    }
    if (cell instanceof Double number) {
      return littleEndian(Double.BYTES).putDouble(number).array();
    }
    byte[] utf8 = ((String) cell).getBytes(UTF_8);
    return littleEndian(Integer.BYTES + utf8.length).putInt(utf8.length).put(utf8).array();
  }

  private static byte[] footer(Table table, List<Chunk> chunks) {
    long size = chunks.stream().mapToLong(Chunk::size).sum();
    long rows = table.rows().size();
    return CompactThrift.struct(
        file ->
            file.int32(1, VERSION)
                .structs(2, schema(table.columns()), ParquetFile::schemaElement)
                .int64(3, rows)
                .structs(
                    4,
                    chunks.isEmpty() ? List.of() : List.of(chunks),
                    (columns, group) ->
                        group
                            .structs(1, columns, (chunk, to) -> columnChunk(chunk, rows, to))
                            .int64(2, size)
                            .int64(3, rows))
                .text(6, "stockpot"));
  }

  /** The columns after what holds them, which is the schema's first element. */
  private static List<List<Table.Column>> schema(List<Table.Column> columns) {
    List<List<Table.Column>> elements = new ArrayList<>();
    elements.add(columns);
    columns.forEach(column -> elements.add(List.of(column)));
    return elements;
  }

  private static void schemaElement(List<Table.Column> columns, CompactThrift element) {
    if (columns.size() > 1) {
      element.text(4, "report").int32(5, columns.size());
      return;
    }
    Table.Column column = columns.get(0);
    element.int32(1, physical(column)).int32(3, OPTIONAL).text(4, column.name());
    if (column.type() == Table.Type.TEXT) {
      element.int32(6, UTF8);
    }
  }

  private static void columnChunk(Chunk chunk, long rows, CompactThrift to) {
    to.int64(2, chunk.offset())
        .struct(
            3,
            meta ->
                meta.int32(1, physical(chunk.column()))
                    .int32s(2, List.of(PLAIN, RLE))
                    .texts(3, List.of(chunk.column().name()))
                    .int32(4, UNCOMPRESSED)
                    .int64(5, rows)
                    .int64(6, chunk.size())
                    .int64(7, chunk.size())
                    .int64(9, chunk.offset()));
  }

  private static int physical(Table.Column column) {
    return switch (column.type()) {
      case INTEGER -> 1;
      case LONG -> 2;
      case REAL -> 5;
      case TEXT -> 6;
    };
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
