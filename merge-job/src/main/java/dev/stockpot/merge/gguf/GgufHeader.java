package dev.stockpot.merge.gguf;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a GGUF file says of itself.
 *
 * @param texts its values that are text, by key
 * @param tensors those of float32, by name; places are counted from the file's beginning
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">GGUF</a>
 */
record GgufHeader(Map<String, List<String>> texts, Map<String, Tensor> tensors) {
  private static final int MAGIC = 0x46554747; // GGUF
  private static final int FLOAT32 = 0;
  private static final int ALIGNMENT = 32;
  private static final int MOST_BYTES = 64 << 20;
  private static final long MOST_KEYS = 1 << 16;
  private static final long MOST_TENSORS = 1 << 20;
  private static final int MOST_DIMENSIONS = 4;
  private static final long MOST_ELEMENTS = 1L << 40;

  /** A tensor; dimensions in our order, the one that varies fastest last. */
  record Tensor(Shape shape, ByteRange bytes) {}

  /** As the file lists it. */
  private record Listed(String name, Shape shape, int type, long offset) {}

  /**
   * Reads it.
   *
   * @throws CorruptGgufException if it breaks a rule of the format
   */
  static GgufHeader read(ObjectSource store, StoredObject file) throws IOException {
    int length = (int) Math.min(file.size(), MOST_BYTES);
    ByteBuffer start = ByteBuffer.allocate(length);
    try (RangeReader reader = store.open(file)) {
      reader.read(0, start);
    }
    return parse(file.location(), new GgufBytes(file.location(), start.flip()), file.size());
  }

  private static GgufHeader parse(Location file, GgufBytes bytes, long size) {
    if (bytes.u32() != MAGIC) {
      throw new CorruptGgufException(
          file,
          "it does not begin with GGUF",
          "An importance matrix of the older kind becomes one by `llama-imatrix --in-file OLD -o NEW.gguf`");
    }
    int version = bytes.u32();
    if (version < 2 || version > 3) {
      throw new CorruptGgufException(
          file, "it is GGUF of version %s, must be 2 or 3".formatted(version), GgufBytes.REMEDY);
    }
    long tensors = bytes.count("tensors", MOST_TENSORS);
    long keys = bytes.count("keys", MOST_KEYS);
    Map<String, List<String>> texts = new LinkedHashMap<>();
    long alignment = ALIGNMENT;
    for (long i = 0; i < keys; i++) {
      String key = bytes.text();
      if (key.equals("general.alignment")) {
        alignment = bytes.number(key);
      } else {
        bytes.value().ifPresent(value -> texts.put(key, value));
      }
    }
    List<Listed> listed = new ArrayList<>();
    for (long i = 0; i < tensors; i++) {
      listed.add(listed(bytes));
    }
    long data = (bytes.position() + alignment - 1) / alignment * alignment;
    return new GgufHeader(texts, placed(bytes, listed, data, size));
  }

  private static Listed listed(GgufBytes bytes) {
    String name = bytes.text();
    int dimensions = bytes.u32();
    if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
      throw bytes.corrupt("%s has %s dimensions, must have 1 to 4".formatted(name, dimensions));
    }
    long[] shape = new long[dimensions];
    long left = MOST_ELEMENTS;
    for (int i = dimensions - 1; i >= 0; i--) {
      shape[i] = bytes.count("elements in a dimension of " + name, left);
      left /= Math.max(1, shape[i]);
    }
    return new Listed(name, Shape.of(shape), bytes.u32(), bytes.u64());
  }

  private static Map<String, Tensor> placed(
      GgufBytes bytes, List<Listed> listed, long data, long size) {
    Map<String, Tensor> placed = new LinkedHashMap<>();
    for (Listed tensor : listed) {
      if (tensor.type() != FLOAT32) {
        continue;
      }
      long length = Math.multiplyExact(tensor.shape().elements(), (long) Float.BYTES);
      boolean fits =
          tensor.offset() >= 0 && tensor.offset() <= size - data && length <= size - data - tensor.offset();
      if (!fits) {
        throw bytes.corrupt(
            "%s %s does not lie in the file's %s bytes"
                .formatted(tensor.name(), tensor.shape(), size));
      }
      long begin = data + tensor.offset();
      Tensor there = new Tensor(tensor.shape(), new ByteRange(begin, begin + length));
      if (placed.put(tensor.name(), there) != null) {
        throw bytes.corrupt("%s is there twice".formatted(tensor.name()));
      }
    }
    return placed;
  }
}
