package dev.stockpot.merge.commit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.json.WrittenJson;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.output.Companion.Made;
import dev.stockpot.merge.output.ConfigEdit;
import dev.stockpot.merge.output.OutputLayout;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of a merged checkpoint beside its weights. */
public final class OutputFiles {
  private OutputFiles() {}

  /**
   * All of them by name: the index, the report, what the donor gives, the card, and last the
   * manifest, which lists the others.
   *
   * @param donor the model that gives configuration and tokenizer
   * @param inputs every model of the recipe
   * @param sums of every output tensor and shard, and of what was copied already
   * @param report the files of a report, if there is one
   */
  public static Map<String, ByteBuffer> of(
      ObjectSource store,
      MergeFacts facts,
      Model donor,
      List<Model> inputs,
      MergePlan plan,
      OutputSums sums,
      Map<String, ByteBuffer> report)
      throws IOException {
    List<Companion> companions = new ArrayList<>();
    addIndex(companions, plan.output().layout(), plan.shards());
    plan.sideFolders().forEach(folder -> addIndex(companions, folder.layout(), folder.shards()));
    report.forEach((name, content) -> companions.add(new Made(name, content)));
    if (plan.output().isCheckpoint() && !donor.configText().isEmpty()) {
      companions.add(new Made("config.json", config(donor, plan.output().edits())));
    }
    companions.addAll(plan.output().companions());
    facts
        .round()
        .map(round -> RoundState.of(facts, round, inputs, plan, sums))
        .ifPresent(state -> companions.add(new Made(RoundState.FILE, json(state))));
    companions.add(
        new Made(ModelCard.FILE_NAME, UTF_8.encode(ModelCard.of(facts, inputs, plan.output()))));
    Map<String, ByteBuffer> files = new LinkedHashMap<>();
    for (Companion companion : companions) {
      if (!sums.copies().containsKey(companion.name())) {
        files.put(companion.name(), companion.content(store));
      }
    }
    Map<String, ListedFile> listed = ListedFile.of(files);
    listed.putAll(sums.copies());
    files.put(Manifest.FILE_NAME, json(Manifest.of(facts, inputs, plan, sums, listed)));
    return files;
  }

  /** The donor's configuration with the edits, and otherwise letter by letter as it is. */
  private static ByteBuffer config(Model donor, List<ConfigEdit> edits) {
    JsonObject config = donor.config().tree();
    for (ConfigEdit edit : edits) {
      config = edit.apply(config);
    }
    try {
      return UTF_8.encode(WrittenJson.of(donor.configText()).with(config));
    } catch (JsonException e) {
      throw new IllegalStateException("a configuration that was parsed is no JSON", e);
    }
  }

  /**
   * The files of a report about two checkpoints by name, and last the manifest that lists them.
   *
   * @param versions of what made it, by name
   */
  public static Map<String, ByteBuffer> ofDifference(
      String base, String model, Map<String, String> versions, Map<String, ByteBuffer> report) {
    Map<String, ByteBuffer> files = new LinkedHashMap<>(report);
    files.put(
        Manifest.FILE_NAME,
        json(Manifest.ofDifference(base, model, versions, ListedFile.of(files))));
    return files;
  }

  /**
   * The files of a folder that tells of trials, and holds no model.
   *
   * @param recipe of the best of them
   * @param versions of what made it, by name
   * @param report and what else lies there
   */
  public static Map<String, ByteBuffer> ofTrials(
      String recipe,
      ChosenBy trials,
      Map<String, String> versions,
      Map<String, ByteBuffer> report) {
    Map<String, ByteBuffer> files = new LinkedHashMap<>(report);
    JsonObject manifest = Manifest.ofTrials(recipe, trials, versions, ListedFile.of(files));
    files.put(Manifest.FILE_NAME, json(manifest));
    return files;
  }

  private static void addIndex(
      List<Companion> companions, OutputLayout layout, List<OutputShard> shards) {
    Map<String, List<OutputShard>> folders = new LinkedHashMap<>();
    for (OutputShard shard : shards) {
      String folder =
          shard.tensors().stream()
              .findFirst()
              .map(placed -> layout.folder(placed.tensor().output().name()))
              .orElse("");
      folders.computeIfAbsent(folder, any -> new ArrayList<>()).add(shard);
    }
    folders.forEach(
        (folder, inside) -> {
          if (inside.size() > 1) {
            OutputLayout of = layout.in(folder);
            companions.add(new Made(of.indexFile(), index(of, inside)));
          }
        });
  }

  private static ByteBuffer index(OutputLayout layout, List<OutputShard> shards) {
    Map<String, String> weightMap = new LinkedHashMap<>();
    long bytes = 0;
    for (OutputShard shard : shards) {
      for (OutputShard.Placed tensor : shard.tensors()) {
        weightMap.put(tensor.tensor().output().name(), shard.file());
        bytes += tensor.bytes().length();
      }
    }
    return layout.index(weightMap, bytes);
  }

  static ByteBuffer json(JsonObject tree) {
    return UTF_8.encode(JsonWriter.text(JsonStyle.SPACIOUS, tree) + "\n");
  }
}
