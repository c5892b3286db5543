package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonReader;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Which shard holds which tensor: {@code model.safetensors.index.json}.
 *
 * @param weightMap file name of the shard by name of the tensor, in the order of the file
 */
record ShardIndex(Map<String, String> weightMap) {
  private static final String WEIGHT_MAP = "weight_map";

  ShardIndex {
    weightMap = Collections.unmodifiableMap(new LinkedHashMap<>(weightMap));
  }

  /**
   * Parses the text of an index. Its {@code total_size} is ignored: published ones are often wrong,
   * and the shards know better.
   *
   * @throws CorruptShardException if it is no index, or names a file outside of its folder
   */
  static ShardIndex parse(Location file, byte[] text) {
    return new Parser(file).parse(text);
  }

  /**
   * The text of the file, as the Hugging Face libraries write it.
   *
   * @param totalSize bytes of all tensors together
   */
  ByteBuffer encode(long totalSize) {
    byte[] text = JsonWriter.bytes(JsonStyle.PYTHON, json -> write(json, totalSize));
    return ByteBuffer.allocate(text.length + 1).put(text).put((byte) '\n').flip();
  }

  private void write(JsonWriter json, long totalSize) {
    json.beginObject();
    json.field("metadata");
    json.beginObject();
    json.field("total_size");
    json.number(totalSize);
    json.endObject();
    json.field(WEIGHT_MAP);
    json.beginObject();
    weightMap.forEach(
        (tensor, file) -> {
          json.field(tensor);
          json.text(file);
        });
    json.endObject();
    json.endObject();
  }

  private static final class Parser {
    private final Location file;
    private Map<String, String> weightMap;
    private JsonReader json;

    Parser(Location file) {
      this.file = file;
    }

    ShardIndex parse(byte[] text) {
      OptionalInt badByte = Json.firstBadByte(text);
      if (badByte.isPresent()) {
        int at = badByte.getAsInt();
        throw corrupt(new ByteRange(at, at + 1), "the index is not UTF-8 text");
      }
      try (JsonReader parser = JsonReader.of(text)) {
        json = parser;
        parseIndex();
      }
      if (weightMap == null || weightMap.isEmpty()) {
        throw corrupt(
            new ByteRange(0, text.length), "the index has no weight_map, or an empty one");
      }
      return new ShardIndex(weightMap);
    }

    private void parseIndex() {
      try {
        if (!json.beginsObject()) {
          throw corrupt(here(), "the index is not a JSON object");
        }
        while (json.nextField()) {
          if (json.name().equals(WEIGHT_MAP)) {
            parseWeightMap();
          } else {
            json.skipValue();
          }
        }
        if (!json.isAtEnd()) {
          throw corrupt(here(), "something follows the JSON object of the index");
        }
      } catch (JsonException e) {
        throw corrupt(here(), "the index is not JSON: " + e.getMessage());
      }
    }

    private void parseWeightMap() throws JsonException {
      boolean isObject = json.beginsObject();
      if (weightMap != null) {
        throw corrupt(here(), "the index has two weight_maps");
      }
      weightMap = new LinkedHashMap<>();
      if (!isObject) {
        throw corrupt(here(), "weight_map is not an object");
      }
      while (json.nextField()) {
        String tensor = json.name();
        if (!json.nextIsText()) {
          throw corrupt(here(), "the file of tensor %s is not text".formatted(Quoted.of(tensor)));
        }
        String shard = json.text();
        if (!isFileName(shard)) {
          throw corrupt(
              here(),
              "the file of tensor %s is %s, must be the name of a file in the same folder"
                  .formatted(Quoted.of(tensor), Quoted.of(shard)));
        }
        if (weightMap.put(tensor, shard) != null) {
          throw corrupt(here(), "weight_map has tensor %s twice".formatted(Quoted.of(tensor)));
        }
      }
    }

    private boolean isFileName(String name) {
      try {
        file.child(name);
        return true;
      } catch (IllegalArgumentException e) {
        return false;
      }
    }

    private ByteRange here() {
      return new ByteRange(json.begin(), json.end());
    }

    private CorruptShardException corrupt(ByteRange bytes, String what) {
      return new CorruptShardException(
          file, bytes, what, "Fetch the index again, or ask those who made it");
    }
  }
}
