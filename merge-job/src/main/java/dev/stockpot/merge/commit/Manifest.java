package dev.stockpot.merge.commit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.plan.PlannedTensor;
import dev.stockpot.merge.storage.StoredObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was made of what, and how: enough to make it again and to check every tensor. It has no time
 * and no machine in it, so the same merge leaves the same manifest.
 */
final class Manifest {
  /** Beside the weights in the output folder. */
  static final String FILE_NAME = "stockpot-manifest.json";

  static final int FORMAT = 1;

  private static final ObjectMapper JSON = new ObjectMapper();

  private Manifest() {}

  /** The key under which all files but shards and manifest are listed. */
  static final String FILES = "files";

  /**
   * The manifest of a merge.
   *
   * @param checksums CRC-32C of every tensor
   * @param files sizes of all other files of the output, by name; none in manifests of before
   */
  static ObjectNode of(
      MergeFacts facts,
      List<Model> inputs,
      MergePlan plan,
      Map<String, Integer> checksums,
      Map<String, Long> files) {
    ObjectNode manifest = JSON.createObjectNode();
    manifest.put("format", FORMAT);
    facts.versions().forEach(manifest.putObject("versions")::put);
    manifest.put("method", facts.method());
    manifest.put("seed", facts.seed());
    if (facts.rounding() != Rounding.Mode.NEAREST) {
      manifest.put("rounding", facts.rounding().name().toLowerCase(Locale.ROOT));
    }
    manifest.put("recipe", facts.recipe());
    manifest.set("inputs", inputs(inputs));
    Map<JsonNode, Integer> parameters = new LinkedHashMap<>();
    manifest.set("shards", shards(plan, checksums, facts.updates(), parameters));
    ArrayNode distinct = manifest.putArray("parameters");
    parameters.keySet().forEach(distinct::add);
    putFiles(manifest, files);
    return manifest;
  }

  /** The manifest of a report about two checkpoints, of which no third is made. */
  static ObjectNode ofDifference(
      String base, String model, Map<String, String> versions, Map<String, Long> files) {
    ObjectNode manifest = JSON.createObjectNode();
    manifest.put("format", FORMAT);
    versions.forEach(manifest.putObject("versions")::put);
    manifest.putObject("difference").put("base", base).put("model", model);
    putFiles(manifest, files);
    return manifest;
  }

  private static void putFiles(ObjectNode manifest, Map<String, Long> files) {
    if (files.isEmpty()) {
      return;
    }
    ArrayNode nodes = manifest.putArray(FILES);
    new TreeMap<>(files)
        .forEach((name, size) -> nodes.addObject().put("file", name).put("size", size));
  }

  /** Sizes of the files that a manifest lists beside shards. */
  static Map<String, Long> files(JsonNode manifest) {
    Map<String, Long> files = new TreeMap<>();
    manifest
        .path(FILES)
        .forEach(file -> files.put(file.path("file").asText(), file.path("size").asLong()));
    return files;
  }

  private static ArrayNode inputs(List<Model> inputs) {
    ArrayNode nodes = JSON.createArrayNode();
    for (Model input : inputs) {
      ObjectNode node = nodes.addObject();
      node.put("model", input.folder().path());
      ArrayNode shards = node.putArray("shards");
      for (StoredObject shard : input.shards()) {
        shards
            .addObject()
            .put("file", shard.location().name())
            .put("size", shard.size())
            .put("version", shard.version());
      }
    }
    return nodes;
  }

  private static ArrayNode shards(
      MergePlan plan,
      Map<String, Integer> checksums,
      Map<String, LostUpdates> updates,
      Map<JsonNode, Integer> parameters) {
    ArrayNode nodes = JSON.createArrayNode();
    for (OutputShard shard : plan.shards()) {
      ObjectNode node = nodes.addObject().put("file", shard.file()).put("size", shard.size());
      ArrayNode tensors = node.putArray("tensors");
      for (OutputShard.Placed placed : shard.tensors()) {
        OutputTensor output = placed.tensor().output();
        JsonNode values = parameters(placed.tensor());
        Integer known = parameters.putIfAbsent(values, parameters.size());
        LostUpdates found = updates.getOrDefault(output.name(), LostUpdates.NONE);
        ObjectNode tensor =
            tensors
                .addObject()
                .put("name", output.name())
                .put("dtype", output.dtype().name())
                .put("shape", output.shape().toString())
                .put("crc32c", "%08x".formatted(checksums.get(output.name())))
                .put("parameters", known == null ? parameters.size() - 1 : known);
        if (found.lost() > 0) {
          tensor.put("updated", found.updated()).put("lost", found.lost());
        }
      }
    }
    return nodes;
  }

  private static ObjectNode parameters(PlannedTensor tensor) {
    ObjectNode node = JSON.createObjectNode();
    node.set("merge", values(tensor.merge()));
    ArrayNode models = node.putArray("models");
    tensor
        .models()
        .forEach(
            model ->
                models
                    .addObject()
                    .put("model", model.getKey())
                    .set("values", values(model.getValue())));
    return node;
  }

  private static JsonNode values(ParameterValues values) {
    return JSON.valueToTree(values.values());
  }
}
