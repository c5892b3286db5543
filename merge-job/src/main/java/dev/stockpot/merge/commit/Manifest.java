package dev.stockpot.merge.commit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.plan.PlannedTensor;
import dev.stockpot.merge.storage.StoredObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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

  static ObjectNode of(
      MergeFacts facts, List<Checkpoint> inputs, MergePlan plan, Map<String, Integer> checksums) {
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
    return manifest;
  }

  private static ArrayNode inputs(List<Checkpoint> inputs) {
    ArrayNode nodes = JSON.createArrayNode();
    for (Checkpoint input : inputs) {
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
        OutputTensor output = placed.tensor().work().output();
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
