package dev.stockpot.merge.gguf;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.Shown;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads headers in the order of the format: magic, version, counts, metadata, tensors.
 *
 * <pre>
 * "GGUF" version:u32 tensors:u64 pairs:u64
 * pair:   key:text type:u32 value
 * tensor: name:text axes:u32 length:u64… type:u32 offset:u64
 * </pre>
 */
final class GgufHeader {
  private static final int MAGIC = 0x46554747; // "GGUF", least significant byte first
  private static final int LATEST_VERSION = 3;
  private static final int MOST_AXES = 4;
  private static final int MOST_KEPT = 256;
  private static final int MOST_DEPTH = 3;
  private static final long MOST_ALIGNMENT = 1 << 20;
  private static final long USUAL_ALIGNMENT = 32;
  private static final int LEAST_PAIR_BYTES = 13;
  private static final int LEAST_TENSOR_BYTES = 24;
  private static final String ALIGNMENT = "general.alignment";

  private final StoredObject file;
  private final GgufCursor cursor;
  private final Map<String, Object> metadata = new LinkedHashMap<>();
  private final Map<String, List<String>> texts = new LinkedHashMap<>();
  private final Map<String, Integer> lengths = new LinkedHashMap<>();

  /** A tensor whose place is counted from where they begin. */
  private record Entry(String name, GgufTensorType type, Shape shape, long offset) {}

  GgufHeader(StoredObject file, RangeReader reader) {
    this.file = file;
    this.cursor = new GgufCursor(file, reader);
  }

  GgufFile read() throws IOException {
    if (cursor.left() < 4 || cursor.integer("its first word") != MAGIC) {
      throw new GgufException(
          file.location(), "it does not begin with GGUF", "Give a GGUF file, or rename this one");
    }
    int version = cursor.integer("its version");
    if (version < 2 || version > LATEST_VERSION) {
      int turned = Integer.reverseBytes(version);
      boolean isTurned = turned > 0 && turned <= LATEST_VERSION;
      throw new GgufException(
          file.location(),
          "it is of version %s%s, and versions 2 and 3 are read"
              .formatted(
                  Integer.toUnsignedString(version),
                  isTurned ? ", so its numbers are big-endian" : ""),
          "Make it anew with convert_hf_to_gguf.py of llama.cpp");
    }
    int tensors = cursor.count("the number of its tensors", LEAST_TENSOR_BYTES);
    int pairs = cursor.count("the number of its metadata", LEAST_PAIR_BYTES);
    for (int i = 0; i < pairs; i++) {
      readPair();
    }
    List<Entry> entries = new ArrayList<>();
    Map<Integer, List<String>> quantised = new TreeMap<>();
    for (int i = 0; i < tensors; i++) {
      readTensor(entries, quantised);
    }
    refuse(quantised, tensors);
    return new GgufFile(file, metadata, texts, lengths, placed(entries));
  }

  private void readPair() throws IOException {
    String key = cursor.text("a key");
    GgufValueType type = type("the type of " + quoted(key));
    if (metadata.containsKey(key) || lengths.containsKey(key)) {
      throw cursor.corrupt("%s is there twice".formatted(quoted(key)));
    }
    switch (type) {
      case STRING -> metadata.put(key, cursor.text(quoted(key)));
      case ARRAY -> readList(key);
      default -> metadata.put(key, cursor.scalar(type, quoted(key)));
    }
  }

  private GgufValueType type(String what) throws IOException {
    int number = cursor.integer(what);
    return GgufValueType.numbered(number)
        .orElseThrow(
            () ->
                cursor.corrupt(
                    "%s is %s, which is none".formatted(what, Integer.toUnsignedString(number))));
  }

  private void readList(String key) throws IOException {
    GgufValueType type = type("the type of the values of " + quoted(key));
    int count = cursor.count("the length of " + quoted(key), type.bytes());
    lengths.put(key, count);
    if (type == GgufValueType.STRING && count <= MOST_KEPT) {
      List<String> kept = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        kept.add(cursor.text(quoted(key)));
      }
      texts.put(key, kept);
    } else {
      skipValues(quoted(key), type, count, 1);
    }
  }

  private void skipValues(String key, GgufValueType type, int count, int depth) throws IOException {
    if (type != GgufValueType.STRING && type != GgufValueType.ARRAY) {
      cursor.skip((long) count * type.bytes(), key);
      return;
    }
    if (depth > MOST_DEPTH) {
      throw cursor.corrupt("%s has lists of lists of lists".formatted(key));
    }
    for (int i = 0; i < count; i++) {
      if (type == GgufValueType.STRING) {
        cursor.skipText(key);
      } else {
        GgufValueType inner = type("the type of values in " + key);
        skipValues(key, inner, cursor.count("a length in " + key, inner.bytes()), depth + 1);
      }
    }
  }

  private void readTensor(List<Entry> entries, Map<Integer, List<String>> quantised)
      throws IOException {
    String name = cursor.text("a tensor's name");
    int axes = cursor.integer("the number of axes of " + quoted(name));
    if (axes < 0 || axes > MOST_AXES) {
      throw cursor.corrupt(
          "%s has %s axes, must be 0 to %s"
              .formatted(quoted(name), Integer.toUnsignedString(axes), MOST_AXES));
    }
    List<Long> dimensions = new ArrayList<>();
    for (int axis = 0; axis < axes; axis++) {
      dimensions.add(0, cursor.wide("a length of " + quoted(name))); // the fastest comes first
    }
    int number = cursor.integer("the type of " + quoted(name));
    long offset = cursor.wide("the place of " + quoted(name));
    Shape shape = shape(name, dimensions);
    GgufTensorType.numbered(number)
        .ifPresentOrElse(
            type -> entries.add(new Entry(name, type, shape, offset)),
            () -> quantised.computeIfAbsent(number, any -> new ArrayList<>()).add(name));
  }

  private Shape shape(String name, List<Long> dimensions) {
    try {
      Shape shape = new Shape(dimensions);
      if (shape.elements() <= file.size() * Byte.SIZE) {
        return shape;
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw cursor.corrupt("%s is of shape %s".formatted(quoted(name), dimensions));
    }
    throw cursor.corrupt(
        "%s is of shape %s, and the file has %s bytes"
            .formatted(quoted(name), dimensions, file.size()));
  }

  private void refuse(Map<Integer, List<String>> quantised, int tensors) {
    if (quantised.isEmpty()) {
      return;
    }
    int count = quantised.values().stream().mapToInt(List::size).sum();
    List<String> kinds = quantised.keySet().stream().map(GgufTensorType::quantised).toList();
    throw new GgufException(
        file.location(),
        "%s of its %s tensors are quantised (%s), for example %s, and codes cannot be merged"
            .formatted(
                count,
                tensors,
                String.join(", ", kinds),
                quoted(quantised.values().iterator().next().get(0))),
        "Use the safetensors files that it was made from; or de-quantise it, for example with"
            + " `llama-quantize --allow-requantize IN.gguf OUT.gguf F32` of llama.cpp: what"
            + " quantising took is lost");
  }

  private Map<String, TensorInfo> placed(List<Entry> entries) {
    long alignment = alignment();
    long begin = (cursor.position() + alignment - 1) / alignment * alignment;
    Map<String, TensorInfo> placed = new LinkedHashMap<>();
    for (Entry entry : entries) {
      TensorInfo tensor = placed(entry, begin, alignment);
      if (placed.put(entry.name(), tensor) != null) {
        throw broken("it holds %s twice".formatted(quoted(entry.name())));
      }
    }
    List<TensorInfo> sorted = new ArrayList<>(placed.values());
    sorted.removeIf(tensor -> tensor.bytes().length() == 0);
    sorted.sort(Comparator.comparingLong(tensor -> tensor.bytes().begin()));
    for (int i = 1; i < sorted.size(); i++) {
      TensorInfo before = sorted.get(i - 1);
      TensorInfo next = sorted.get(i);
      if (next.bytes().begin() < before.bytes().end()) {
        throw broken(
            "%s (bytes %s) and %s (bytes %s) overlap"
                .formatted(
                    quoted(before.name()), before.bytes(), quoted(next.name()), next.bytes()));
      }
    }
    return placed;
  }

  private TensorInfo placed(Entry entry, long begin, long alignment) {
    long bytes = TensorInfo.byteCount(entry.type().dtype(), entry.shape());
    if (entry.offset() < 0 || entry.offset() % alignment != 0) {
      throw broken(
          "%s begins at %s, which is no multiple of %s (%s)"
              .formatted(
                  quoted(entry.name()),
                  Long.toUnsignedString(entry.offset()),
                  alignment,
                  ALIGNMENT));
    }
    if (entry.offset() > file.size() - begin - bytes) {
      throw broken(
          "%s takes %s bytes from %s on behind a header of %s, and the file has %s: it is cut short"
              .formatted(quoted(entry.name()), bytes, entry.offset(), begin, file.size()));
    }
    ByteRange range = new ByteRange(begin + entry.offset(), begin + entry.offset() + bytes);
    return new TensorInfo(entry.name(), entry.type().dtype(), entry.shape(), file, range);
  }

  private long alignment() {
    Object said = metadata.getOrDefault(ALIGNMENT, USUAL_ALIGNMENT);
    boolean isFit =
        said instanceof Long number
            && number >= Long.BYTES
            && number <= MOST_ALIGNMENT
            && Long.bitCount(number) == 1;
    if (!isFit) {
      throw broken(
          "%s is %s, must be a power of two from %s to %s"
              .formatted(ALIGNMENT, said, Long.BYTES, MOST_ALIGNMENT));
    }
    return (Long) said;
  }

  private GgufException broken(String what) {
    return new GgufException(file.location(), what, GgufException.AGAIN);
  }

  private static String quoted(String text) {
    return Shown.quoted(text);
  }
}
