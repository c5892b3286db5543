package dev.stockpot.merge.safetensors;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.storage.ByteRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Lays out the shards we write: header first, then the tensors, one behind the other. */
final class ShardHeaderWriter {
  private static final int ALIGNMENT = 8;

  private ShardHeaderWriter() {}

  /**
   * The bytes of each tensor, in the order given, counted from the end of the header.
   *
   * @throws ArithmeticException if they overflow 63 bits
   */
  static List<ByteRange> layout(List<OutputTensor> tensors) {
    List<ByteRange> ranges = new ArrayList<>(tensors.size());
    long begin = 0;
    for (OutputTensor tensor : tensors) {
      long end = Math.addExact(begin, tensor.byteCount());
      ranges.add(new ByteRange(begin, end));
      begin = end;
    }
    return ranges;
  }

  /**
   * The front of a shard that holds these tensors in that order: eight bytes of length and the
   * header, filled up with spaces so that the tensors begin at a multiple of eight bytes.
   */
  static ByteBuffer encode(List<OutputTensor> tensors) {
    return encode(tensors, Map.of());
  }

  /** The same, with what is to be said beside tensors. */
  static ByteBuffer encode(List<OutputTensor> tensors, Map<String, String> metadata) {
    byte[] json = JsonWriter.bytes(JsonStyle.COMPACT, out -> write(out, tensors, metadata));
    int padding = -(ShardHeader.LENGTH_BYTES + json.length) & (ALIGNMENT - 1);
    int length = json.length + padding;
    if (length > ShardHeader.MAX_BYTES) {
      throw new IllegalArgumentException(
          "the header of %s tensors takes %s bytes, more than the %s that readers accept"
              .formatted(tensors.size(), length, ShardHeader.MAX_BYTES));
    }
    ByteBuffer front =
        ByteBuffer.allocate(ShardHeader.LENGTH_BYTES + length)
            .order(LITTLE_ENDIAN)
            .putLong(length)
            .put(json);
    while (front.hasRemaining()) {
      front.put((byte) ' ');
    }
    return front.flip();
  }

  private static void write(
      JsonWriter json, List<OutputTensor> tensors, Map<String, String> metadata) {
    List<ByteRange> ranges = layout(tensors);
    Set<String> names = new HashSet<>();
    json.beginObject();
    json.field(ShardHeader.METADATA);
    json.beginObject();
    json.field("format"); // without it, transformers refuses the file
    json.text("pt");
    new TreeMap<>(metadata)
        .forEach(
            (key, value) -> {
              if (!key.equals("format")) {
                json.field(key);
                json.text(value);
              }
            });
    json.endObject();
    for (int i = 0; i < tensors.size(); i++) {
      requireName(tensors.get(i).name(), names);
      writeEntry(json, tensors.get(i), ranges.get(i));
    }
    json.endObject();
  }

  private static void requireName(String name, Set<String> before) {
    if (name.equals(ShardHeader.METADATA)) {
      throw new IllegalArgumentException("%s is no name of a tensor".formatted(name));
    }
    if (!Json.isEncodable(name)) {
      throw new IllegalArgumentException("%s holds half of a character".formatted(Quoted.of(name)));
    }
    if (!before.add(name)) {
      throw new IllegalArgumentException("tensor %s is there twice".formatted(name));
    }
  }

  private static void writeEntry(JsonWriter json, OutputTensor tensor, ByteRange data) {
    json.field(tensor.name());
    json.beginObject();
    json.field(ShardHeader.DTYPE);
    json.text(tensor.dtype().name());
    json.field(ShardHeader.SHAPE);
    writeList(json, tensor.shape().dimensions());
    json.field(ShardHeader.DATA_OFFSETS);
    writeList(json, List.of(data.begin(), data.end()));
    json.endObject();
  }

  private static void writeList(JsonWriter json, List<Long> numbers) {
    json.beginList();
    numbers.forEach(json::number);
    json.endList();
  }
}
