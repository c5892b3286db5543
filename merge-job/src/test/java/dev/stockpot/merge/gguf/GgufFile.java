package dev.stockpot.merge.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes small GGUF files for tests, as llama.cpp does. */
public final class GgufFile {
  private static final int STRING = 8;
  private static final int ARRAY = 9;
  private static final int U32 = 4;

  private final ByteArrayOutputStream keys = new ByteArrayOutputStream();
  private final ByteArrayOutputStream tensors = new ByteArrayOutputStream();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private int keyCount;
  private int tensorCount;
  private int version = 3;
  private int alignment = 32;

  /** An importance matrix of nothing yet. */
  public static GgufFile imatrix() {
    return new GgufFile()
        .text("general.type", "imatrix")
        .texts("imatrix.datasets", "wiki.txt")
        .number("imatrix.chunk_count", 5);
  }

  GgufFile version(int other) {
    version = other;
    return this;
  }

  GgufFile alignedTo(int bytes) {
    alignment = bytes;
    return number("general.alignment", bytes);
  }

  GgufFile text(String key, String value) {
    key(key, STRING);
    string(keys, value);
    return this;
  }

  GgufFile texts(String key, String... values) {
    key(key, ARRAY);
    u32(keys, STRING);
    u64(keys, values.length);
    for (String value : values) {
      string(keys, value);
    }
    return this;
  }

  GgufFile number(String key, int value) {
    key(key, U32);
    u32(keys, value);
    return this;
  }

  /** Sums of squares of one matrix's inputs. */
  public GgufFile squares(String tensor, float count, float... sums) {
    return tensor(tensor + ".counts", new long[] {1, 1}, count)
        .tensor(tensor + ".in_sum2", new long[] {sums.length, 1}, sums);
  }

  /** A tensor of float32, the dimension that varies fastest first. */
  GgufFile tensor(String name, long[] shape, float... values) {
    string(tensors, name);
    u32(tensors, shape.length);
    for (long length : shape) {
      u64(tensors, length);
    }
    u32(tensors, 0);
    u64(tensors, data.size());
    tensorCount++;
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    data.writeBytes(bytes.array());
    pad(data);
    return this;
  }

  /** The whole file. */
  public byte[] bytes() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    u32(file, version);
    u64(file, tensorCount);
    u64(file, keyCount);
    file.writeBytes(keys.toByteArray());
    file.writeBytes(tensors.toByteArray());
    pad(file);
    file.writeBytes(data.toByteArray());
    return file.toByteArray();
  }

  private void key(String key, int type) {
    string(keys, key);
    u32(keys, type);
    keyCount++;
  }

  private static void string(ByteArrayOutputStream into, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    u64(into, bytes.length);
    into.writeBytes(bytes);
  }

  private static void u32(ByteArrayOutputStream into, int value) {
    into.writeBytes(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private static void u64(ByteArrayOutputStream into, long value) {
    into.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  private void pad(ByteArrayOutputStream into) {
    while (into.size() % alignment != 0) {
      into.write(0);
    }
  }
}
