package dev.stockpot.merge.commit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.output.ConfigEdit;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of a merged checkpoint beside its weights. */
public final class OutputFiles {
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
      JsonObject config = ModelConfig.of(donor).tree();
      for (ConfigEdit edit : plan.output().edits()) {
        config = edit.apply(config);
      }
      files.put("config.json", json(config));
    }
    for (Companion companion : plan.output().companions()) {
      files.put(companion.name(), companion.content(store));
    }
    files.put(ModelCard.FILE_NAME, UTF_8.encode(ModelCard.of(facts, inputs)));
    files.put(Manifest.FILE_NAME, json(Manifest.of(facts, inputs, plan, checksums)));
    return files;
  }

  static ByteBuffer json(JsonObject tree) {
    return UTF_8.encode(JsonWriter.text(JsonStyle.SPACIOUS, tree) + "\n");
  }
}
