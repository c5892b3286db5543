package dev.stockpot.merge.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.kernels.number.DType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes GGUF files for tests, right ones and wrong ones. */
public final class GgufBytes {
  private final ByteArrayOutputStream pairs = new ByteArrayOutputStream();
  private final ByteArrayOutputStream tensors = new ByteArrayOutputStream();
  private final List<byte[]> contents = new ArrayList<>();
  private int pairCount;
  private int tensorCount;
  private long offset;
  private int version = 3;
  private int alignment = 32;

  /** A Llama with heads of four rows. */
  public static GgufBytes llama(int layers, int heads, int keyHeads) {
    return new GgufBytes()
        .text("general.architecture", "llama")
        .uint32("llama.block_count", layers)
        .uint32("llama.embedding_length", 4 * heads)
        .uint32("llama.feed_forward_length", 8)
        .uint32("llama.context_length", 64)
        .uint32("llama.attention.head_count", heads)
        .uint32("llama.attention.head_count_kv", keyHeads)
        .float32("llama.attention.layer_norm_rms_epsilon", 1e-5f)
        .float32("llama.rope.freq_base", 10_000)
        .texts("tokenizer.ggml.tokens", "a", "b", "c");
  }

  GgufBytes version(int other) {
    version = other;
    return this;
  }

  /** Of the data; it is not written among the metadata. */
  GgufBytes aligned(int bytes) {
    alignment = bytes;
    return this;
  }

  private static byte[] numbers(int bytes, long number) {
    byte[] wide = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
    return Arrays.copyOf(wide, bytes);
  }

  private static void putText(ByteArrayOutputStream into, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    into.writeBytes(numbers(8, bytes.length));
    into.writeBytes(bytes);
  }

  /** A pair with whatever bytes for its value. */
  GgufBytes pair(String key, int type, byte[] value) {
    putText(pairs, key);
    pairs.writeBytes(numbers(4, type));
    pairs.writeBytes(value);
    pairCount++;
    return this;
  }

  public GgufBytes text(String key, String value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    putText(bytes, value);
    return pair(key, 8, bytes.toByteArray());
  }

  public GgufBytes uint32(String key, int value) {
    return pair(key, 4, numbers(4, value));
  }

  public GgufBytes float32(String key, float value) {
    return pair(key, 6, numbers(4, Float.floatToIntBits(value)));
  }

  public GgufBytes texts(String key, String... values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(numbers(4, 8));
    bytes.writeBytes(numbers(8, values.length));
    for (String value : values) {
      putText(bytes, value);
    }
    return pair(key, 9, bytes.toByteArray());
  }

  /** What is said of a tensor, in whatever way. */
  GgufBytes entry(String name, int type, long place, long... fastestFirst) {
    putText(tensors, name);
    tensors.writeBytes(numbers(4, fastestFirst.length));
    for (long length : fastestFirst) {
      tensors.writeBytes(numbers(8, length));
    }
    tensors.writeBytes(numbers(4, type));
    tensors.writeBytes(numbers(8, place));
    tensorCount++;
    return this;
  }

  /** A tensor with its bytes; its shape is slowest first. */
  public GgufBytes tensor(String name, DType dtype, byte[] content, long... shape) {
    long[] turned = new long[shape.length];
    for (int i = 0; i < shape.length; i++) {
      turned[i] = shape[shape.length - 1 - i];
    }
    int type =
        switch (dtype) {
          case F32 -> 0;
          case F16 -> 1;
          case BF16 -> 30;
          case I32 -> 26;
          default -> throw new IllegalArgumentException("no tests have " + dtype);
        };
    entry(name, type, offset, turned);
    contents.add(content);
    offset += (content.length + alignment - 1L) / alignment * alignment;
    return this;
  }

  public GgufBytes floats(String name, float[] values, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return tensor(name, DType.F32, bytes.array(), shape);
  }

  /** The file. */
  public byte[] bytes() {
    return bytes(tensorCount, pairCount);
  }

  /** The file, with other counts than it has. */
  byte[] bytes(long saidTensors, long saidPairs) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes("GGUF".getBytes(UTF_8));
    file.writeBytes(numbers(4, version));
    file.writeBytes(numbers(8, saidTensors));
    file.writeBytes(numbers(8, saidPairs));
    file.writeBytes(pairs.toByteArray());
    file.writeBytes(tensors.toByteArray());
    for (byte[] content : contents) {
      pad(file);
      file.writeBytes(content);
    }
    pad(file);
    return file.toByteArray();
  }

  private void pad(ByteArrayOutputStream file) {
    while (file.size() % alignment != 0) {
      file.write(0);
    }
  }
}
