package dev.stockpot.merge.commit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
   * All of them by name: the index, the report, what the donor gives, the card, and last the
   * manifest, which lists the others.
   *
   * @param donor the model that gives configuration and tokenizer
   * @param inputs every model of the recipe
   * @param checksums CRC-32C of every output tensor
   * @param report the files of a report, if there is one
   */
  public static Map<String, ByteBuffer> of(
      ObjectSource store,
      MergeFacts facts,
      Model donor,
      List<Model> inputs,
      MergePlan plan,
      Map<String, Integer> checksums,
      Map<String, ByteBuffer> report)
      throws IOException {
    Map<String, ByteBuffer> files = new LinkedHashMap<>();
    if (plan.shards().size() > 1) {
      files.put(plan.output().layout().indexFile(), index(plan));
    }
    files.putAll(report);
    if (!donor.configText().isEmpty()) {
      files.put("config.json", json(MergedConfig.of(donor, plan.output().changes())));
    }
    for (Map.Entry<String, StoredObject> companion : donor.companions().entrySet()) {
      files.put(companion.getKey(), read(store, companion.getValue()));
    }
    files.put(ModelCard.FILE_NAME, UTF_8.encode(ModelCard.of(facts, inputs)));
    files.put(Manifest.FILE_NAME, json(Manifest.of(facts, inputs, plan, checksums, sizes(files))));
    return files;
  }

  /**
   * The files of a report about two checkpoints by name, and last the manifest that lists them.
   *
   * @param versions of what made it, by name
   */
  public static Map<String, ByteBuffer> ofDifference(
      String base, String model, Map<String, String> versions, Map<String, ByteBuffer> report) {
    Map<String, ByteBuffer> files = new LinkedHashMap<>(report);
    files.put(Manifest.FILE_NAME, json(Manifest.ofDifference(base, model, versions, sizes(files))));
    return files;
  }

  private static Map<String, Long> sizes(Map<String, ByteBuffer> files) {
    Map<String, Long> sizes = new TreeMap<>();
    files.forEach((name, content) -> sizes.put(name, (long) content.remaining()));
    return sizes;
  }

  private static ByteBuffer index(MergePlan plan) {
    Map<String, String> weightMap = new LinkedHashMap<>();
    long bytes = 0;
    for (OutputShard shard : plan.shards()) {
      for (OutputShard.Placed tensor : shard.tensors()) {
        weightMap.put(tensor.tensor().output().name(), shard.file());
        bytes += tensor.bytes().length();
      }
    }
    return plan.output().layout().index(weightMap, bytes);
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
