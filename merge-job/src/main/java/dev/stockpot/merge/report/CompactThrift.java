package dev.stockpot.merge.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A struct in Thrift's compact protocol, in which Parquet's headers are written. Fields are added
 * in ascending order of their numbers.
 */
final class CompactThrift {
  private static final int I32 = 5;
  private static final int I64 = 6;
  private static final int BINARY = 8;
  private static final int LIST = 9;
  private static final int STRUCT = 12;
  private static final int MOST_SHORT_LIST = 14;

  private final ByteArrayOutputStream bytes;
  private int last;

  private CompactThrift(ByteArrayOutputStream bytes) {
    this.bytes = bytes;
  }

  /** The bytes of a struct with these fields. */
  static byte[] struct(Consumer<CompactThrift> fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    write(bytes, fields);
    return bytes.toByteArray();
  }

  private static void write(ByteArrayOutputStream bytes, Consumer<CompactThrift> fields) {
    fields.accept(new CompactThrift(bytes));
    bytes.write(0);
  }

  CompactThrift int32(int field, int value) {
    begin(field, I32);
    zigzag(value);
    return this;
  }

  CompactThrift int64(int field, long value) {
    begin(field, I64);
    zigzag(value);
    return this;
  }

  CompactThrift text(int field, String value) {
    begin(field, BINARY);
    binary(value);
    return this;
  }

  CompactThrift struct(int field, Consumer<CompactThrift> fields) {
    begin(field, STRUCT);
    write(bytes, fields);
    return this;
  }

  CompactThrift int32s(int field, List<Integer> values) {
    beginList(field, I32, values.size());
    values.forEach(this::zigzag);
    return this;
  }

  CompactThrift texts(int field, List<String> values) {
    beginList(field, BINARY, values.size());
    values.forEach(this::binary);
    return this;
  }

  <T> CompactThrift structs(int field, List<T> values, BiConsumer<T, CompactThrift> fields) {
    beginList(field, STRUCT, values.size());
    values.forEach(value -> write(bytes, struct -> fields.accept(value, struct)));
    return this;
  }

  private void begin(int field, int type) {
    bytes.write(((field - last) << 4) | type); // Parquet's fields are never 16 apart
    last = field;
  }

  private void beginList(int field, int type, int size) {
    begin(field, LIST);
    if (size <= MOST_SHORT_LIST) {
      bytes.write((size << 4) | type);
    } else {
      bytes.write(0xF0 | type);
      varint(size);
    }
  }

  private void binary(String value) {
    byte[] utf8 = value.getBytes(UTF_8);
    varint(utf8.length);
    bytes.writeBytes(utf8);
  }

  private void zigzag(long value) {
    varint((value << 1) ^ (value >> 63));
  }

  private void varint(long value) {
    long left = value;
    while (left >>> 7 != 0) {
      bytes.write((int) ((left & 0x7F) | 0x80));
      left >>>= 7;
    }
    bytes.write((int) left);
  }
}
