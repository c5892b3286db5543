package dev.stockpot.merge.safetensors;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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
  /** What the file is called. */
  static final String FILE_NAME = SafetensorsLayout.CHECKPOINT.indexFile();

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
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    Separators pythons =
        Separators.createDefaultInstance()
            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
            .withObjectEmptySeparator("");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = Json.STRICT.createGenerator(bytes)) {
      json.setPrettyPrinter(
          new DefaultPrettyPrinter(pythons)
              .withObjectIndenter(indenter)
              .withArrayIndenter(indenter));
      json.writeStartObject();
      json.writeObjectFieldStart("metadata");
      json.writeNumberField("total_size", totalSize);
      json.writeEndObject();
      json.writeObjectFieldStart(WEIGHT_MAP);
      for (Map.Entry<String, String> entry : weightMap.entrySet()) {
        json.writeStringField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  private static final class Parser {
    private final Location file;
    private Map<String, String> weightMap;
    private JsonParser json;

    Parser(Location file) {
      this.file = file;
    }

    ShardIndex parse(byte[] text) {
      OptionalInt badByte = Json.firstBadByte(text);
      if (badByte.isPresent()) {
        int at = badByte.getAsInt();
        throw corrupt(new ByteRange(at, at + 1), "the index is not UTF-8 text");
      }
      try (JsonParser parser = Json.STRICT.createParser(text)) {
        json = parser;
        parseIndex();
      } catch (IOException e) {
        throw new UncheckedIOException(e); // memory does not fail
      }
      if (weightMap == null || weightMap.isEmpty()) {
        throw corrupt(
            new ByteRange(0, text.length), "the index has no weight_map, or an empty one");
      }
      return new ShardIndex(weightMap);
    }

    private void parseIndex() throws IOException {
      try {
        if (json.nextToken() != START_OBJECT) {
          throw corrupt(here(), "the index is not a JSON object");
        }
        while (json.nextToken() == FIELD_NAME) {
          boolean isWeightMap = json.currentName().equals(WEIGHT_MAP);
          json.nextToken();
          if (isWeightMap) {
            parseWeightMap();
          } else {
            json.skipChildren();
          }
        }
        if (json.nextToken() != null) {
          throw corrupt(here(), "something follows the JSON object of the index");
        }
      } catch (JsonProcessingException e) {
        throw corrupt(here(), "the index is not JSON: " + e.getOriginalMessage());
      }
    }

    private void parseWeightMap() throws IOException {
      if (weightMap != null) {
        throw corrupt(here(), "the index has two weight_maps");
      }
      weightMap = new LinkedHashMap<>();
      if (json.currentToken() != START_OBJECT) {
        throw corrupt(here(), "weight_map is not an object");
      }
      while (json.nextToken() == FIELD_NAME) {
        String tensor = json.currentName();
        if (json.nextToken() != VALUE_STRING) {
          throw corrupt(here(), "the file of tensor %s is not text".formatted(Quoted.of(tensor)));
        }
        String shard = json.getText();
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
      return Json.place(json, 0);
    }

    private CorruptShardException corrupt(ByteRange bytes, String what) {
      return new CorruptShardException(
          file, bytes, what, "Fetch the index again, or ask those who made it");
    }
  }
}
