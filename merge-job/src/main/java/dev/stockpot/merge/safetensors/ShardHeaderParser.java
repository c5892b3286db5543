package dev.stockpot.merge.safetensors;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.util.stream.Collectors.joining;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonReader;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Parses the header of one shard, in the order of the format: length, then JSON, then what the
 * tensors say of the bytes behind it.
 */
final class ShardHeaderParser {
  private static final int LENGTH_BYTES = ShardHeader.LENGTH_BYTES;
  private static final ByteRange LENGTH_FIELD = new ByteRange(0, LENGTH_BYTES);
  private static final int MIN_SIZE = LENGTH_BYTES + "{}".length();

  /** Most headers are whole in the first read; object stores bill and delay each one. */
  private static final int FIRST_READ = 64 << 10;

  /** More than PyTorch and NumPy allow. */
  private static final int MAX_DIMENSIONS = 64;

  static final String FETCH_AGAIN = "Fetch the shard again, or ask those who made it";

  private final StoredObject shard;
  private final List<HeaderEntry> entries = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private Map<String, String> metadata;
  private JsonReader json;
  private String tensor;
  private long dataBegin;

  ShardHeaderParser(StoredObject shard) {
    this.shard = shard;
  }

  ShardHeader parse(RangeReader reader) throws IOException {
    byte[] header = readHeader(reader);
    dataBegin = LENGTH_BYTES + (long) header.length;
    OptionalInt badByte = Json.firstBadByte(header);
    if (badByte.isPresent()) {
      long at = LENGTH_BYTES + (long) badByte.getAsInt();
      throw corrupt(new ByteRange(at, at + 1), "header is not UTF-8 text");
    }
    try (JsonReader parser = JsonReader.of(header)) {
      json = parser;
      parseEntries();
    }
    List<TensorInfo> tensors = HeaderEntry.locate(entries, shard, dataBegin);
    return new ShardHeader(shard, tensors, metadata == null ? Map.of() : metadata);
  }

  private byte[] readHeader(RangeReader reader) throws IOException {
    if (shard.size() < MIN_SIZE) {
      String what =
          shard.size() == 0
              ? "the file is empty"
              : "the file has only %s bytes, a shard has at least %s"
                  .formatted(shard.size(), MIN_SIZE);
      throw corrupt(new ByteRange(0, shard.size()), what);
    }
    ByteBuffer start =
        ByteBuffer.allocate((int) Math.min(shard.size(), FIRST_READ)).order(LITTLE_ENDIAN);
    reader.read(0, start);
    start.flip();
    long length = start.getLong(0); // unsigned in the file: a negative value here is a huge one
    long most = Math.min(shard.size() - LENGTH_BYTES, ShardHeader.MAX_BYTES);
    if (length < 2 || length > most) { // checked before anything is allocated
      throw noShard(
          start,
          LENGTH_FIELD,
          "header length is %s, must be 2 to %s".formatted(Long.toUnsignedString(length), most));
    }
    if (start.get(LENGTH_BYTES) != '{') {
      throw noShard(
          start, new ByteRange(LENGTH_BYTES, LENGTH_BYTES + 1), "header does not begin with '{'");
    }
    byte[] header = new byte[(int) length];
    int first = Math.min(header.length, start.limit() - LENGTH_BYTES);
    start.get(LENGTH_BYTES, header, 0, first);
    if (first < header.length) {
      reader.read(start.limit(), ByteBuffer.wrap(header, first, header.length - first));
    }
    return header;
  }

  private CorruptShardException noShard(ByteBuffer start, ByteRange bytes, String what) {
    Optional<ForeignFormat> foreign = ForeignFormat.of(start);
    return foreign.isPresent()
        ? corrupt(bytes, what + "; it is " + foreign.get().what(), foreign.get().remedy())
        : corrupt(
            bytes,
            what,
            "Fetch the shard again; if it is a PyTorch .bin file, convert it to safetensors first");
  }

  private void parseEntries() {
    try {
      json.beginsObject(); // the '{' that was seen
      while (json.nextField()) {
        String name = json.name();
        if (name.equals(ShardHeader.METADATA)) {
          parseMetadata();
        } else {
          parseEntry(name);
        }
      }
      if (!json.isAtEnd()) {
        throw corrupt(here(), "something follows the header's JSON object");
      }
    } catch (JsonException e) {
      throw corrupt(here(), "header is not JSON: " + e.getMessage());
    }
  }

  private void parseMetadata() throws JsonException {
    if (metadata != null) {
      throw corrupt(here(), "header has __metadata__ twice");
    }
    metadata = new HashMap<>();
    if (!json.beginsObject()) {
      throw corrupt(here(), "__metadata__ is not an object");
    }
    while (json.nextField()) {
      String key = json.name();
      if (!json.nextIsText()) {
        throw corrupt(here(), "%s in __metadata__ is not text".formatted(Quoted.of(key)));
      }
      String value = json.text();
      if (!Json.isEncodable(value)) { // the JSON parser checks names, but not values
        throw corrupt(
            here(), "%s in __metadata__ holds half of a character".formatted(Quoted.of(key)));
      }
      if (metadata.put(key, value) != null) {
        throw corrupt(here(), "__metadata__ has %s twice".formatted(Quoted.of(key)));
      }
    }
  }

  private void parseEntry(String name) throws JsonException {
    tensor = name;
    long begin = here().begin();
    if (!names.add(name)) {
      throw corruptTensor(here(), " is there twice");
    }
    if (!json.beginsObject()) {
      throw corruptTensor(here(), " is not an object");
    }
    DType dtype = null;
    Shape shape = null;
    ByteRange data = null;
    while (json.nextField()) {
      String key = json.name();
      boolean isTwice;
      switch (key) {
        case ShardHeader.DTYPE -> {
          isTwice = dtype != null;
          dtype = parseDType();
        }
        case ShardHeader.SHAPE -> {
          isTwice = shape != null;
          shape = parseShape();
        }
        case ShardHeader.DATA_OFFSETS -> {
          isTwice = data != null;
          data = parseOffsets();
        }
        default -> throw corruptTensor(here(), " has the unknown key " + Quoted.of(key));
      }
      if (isTwice) {
        throw corruptTensor(here(), " has %s twice".formatted(key));
      }
    }
    ByteRange text = new ByteRange(begin, here().end());
    requirePresent(text, ShardHeader.DTYPE, dtype);
    requirePresent(text, ShardHeader.SHAPE, shape);
    requirePresent(text, ShardHeader.DATA_OFFSETS, data);
    requireLength(text, dtype, shape, data.length());
    entries.add(new HeaderEntry(name, dtype, shape, data, text));
  }

  private void requirePresent(ByteRange text, String key, Object value) {
    if (value == null) {
      throw corruptTensor(text, " has no " + key);
    }
  }

  private void requireLength(ByteRange text, DType dtype, Shape shape, long length) {
    long expected;
    try {
      expected = TensorInfo.byteCount(dtype, shape);
    } catch (ArithmeticException e) {
      throw corruptTensor(text, ": %s %s is larger than any file".formatted(dtype, shape));
    } catch (IllegalArgumentException e) {
      throw corruptTensor(text, ": " + e.getMessage());
    }
    if (length != expected) {
      throw corruptTensor(
          text,
          ": %s %s takes %s bytes, its data_offsets give it %s"
              .formatted(dtype, shape, expected, length));
    }
  }

  private DType parseDType() throws JsonException {
    if (!json.nextIsText()) {
      throw corruptTensor(here(), ": dtype is not text");
    }
    Optional<DType> dtype = DType.named(json.text());
    if (dtype.isEmpty()) {
      throw corruptTensor(
          here(),
          ": dtype is %s, must be one of %s"
              .formatted(
                  Quoted.of(json.text()),
                  Stream.of(DType.values()).map(DType::name).collect(joining(", "))));
    }
    return dtype.get();
  }

  private Shape parseShape() throws JsonException {
    List<Long> dimensions = parseNumbers(ShardHeader.SHAPE, MAX_DIMENSIONS);
    try {
      return new Shape(dimensions);
    } catch (ArithmeticException e) {
      throw corruptTensor(here(), ": shape %s is larger than any file".formatted(dimensions));
    }
  }

  private ByteRange parseOffsets() throws JsonException {
    List<Long> offsets = parseNumbers(ShardHeader.DATA_OFFSETS, 2);
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw corruptTensor(
          here(), ": data_offsets are %s, must be begin and end".formatted(offsets));
    }
    return new ByteRange(offsets.get(0), offsets.get(1));
  }

  private List<Long> parseNumbers(String key, int most) throws JsonException {
    if (!json.beginsList()) {
      throw corruptTensor(here(), ": %s is not a list".formatted(key));
    }
    List<Long> numbers = new ArrayList<>();
    while (json.nextElement()) {
      if (numbers.size() == most) {
        throw corruptTensor(here(), ": %s has more than %s numbers".formatted(key, most));
      }
      OptionalLong number = json.whole();
      if (number.orElse(-1) < 0 || (number.getAsLong() == 0 && isMinusZero())) {
        throw corruptTensor(
            here(),
            ": %s in %s is not a whole number from 0 to %s"
                .formatted(Quoted.of(json.text()), key, Long.MAX_VALUE));
      }
      numbers.add(number.getAsLong());
    }
    return numbers;
  }

  /** JSON has it; the format's own library refuses it, and so may whoever reads our output. */
  private boolean isMinusZero() throws JsonException {
    return json.text().startsWith("-");
  }

  private ByteRange here() {
    return new ByteRange(LENGTH_BYTES + json.begin(), LENGTH_BYTES + json.end());
  }

  private CorruptShardException corruptTensor(ByteRange bytes, String what) {
    return corrupt(bytes, "tensor " + Quoted.of(tensor) + what);
  }

  private CorruptShardException corrupt(ByteRange bytes, String what) {
    return corrupt(bytes, what, FETCH_AGAIN);
  }

  private CorruptShardException corrupt(ByteRange bytes, String what, String remedy) {
    return new CorruptShardException(shard.location(), bytes, what, remedy);
  }
}
