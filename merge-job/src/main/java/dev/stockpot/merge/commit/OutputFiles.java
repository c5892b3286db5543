package dev.stockpot.merge.commit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of a merged checkpoint beside its weights. */
public final class OutputFiles {
  /** Infinity is written as Python reads and writes it. */
  private static final ObjectWriter JSON =
      JsonMapper.builder()
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .build()
          .writer(
              new DefaultPrettyPrinter()
                  .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                  .withArrayIndenter(new DefaultIndenter("  ", "\n")));

  private OutputFiles() {}

  /**
   * All of them by name, the manifest last.
   *
   * @param donor the model that gives configuration and tokenizer
   * @param inputs every model of the recipe
   * @param checksums CRC-32C of every output tensor
   */
  public static Map<String, ByteBuffer> of(
      ObjectSource store,
      MergeFacts facts,
      Checkpoint donor,
      List<Checkpoint> inputs,
      MergePlan plan,
      Map<String, Integer> checksums)
      throws IOException {
    Map<String, ByteBuffer> files = new LinkedHashMap<>();
    if (!donor.config().isEmpty()) {
      files.put("config.json", json(MergedConfig.of(donor, plan.output().changes())));
    }
    for (StoredObject companion : donor.companions()) {
      files.put(donor.nameOf(companion), read(store, companion));
    }
    files.put(ModelCard.FILE_NAME, UTF_8.encode(ModelCard.of(facts, inputs)));
    files.put(Manifest.FILE_NAME, json(Manifest.of(facts, inputs, plan, checksums)));
    return files;
  }

  static ByteBuffer read(ObjectSource store, StoredObject object) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(object.size()));
    try (RangeReader reader = store.open(object)) {
      reader.read(0, content);
    }
    return content.flip();
  }

  static ByteBuffer json(JsonNode tree) {
    try {
      return UTF_8.encode(JSON.writeValueAsString(tree) + "\n");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // a tree in memory can always be written
    }
  }
}
