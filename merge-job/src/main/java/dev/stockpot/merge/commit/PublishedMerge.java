package dev.stockpot.merge.commit;

import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.plan.SideFolder;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A merge that was published before: the end of one whose driver died just afterwards, or that a
 * scheduler starts again because it did not hear of its end.
 */
public final class PublishedMerge {
  private static final int HEXADECIMAL = 16;

  private PublishedMerge() {}

  /**
   * Whether a folder holds what a merge would make: a manifest that differs in nothing, and shards
   * of the right sizes. It is not read further; {@link ManifestVerifier} does that.
   *
   * @param models every model of the recipe
   */
  public static boolean isIn(
      ObjectSource store, Location folder, MergeFacts facts, List<Model> models, MergePlan plan)
      throws IOException {
    Optional<ByteBuffer> found = Manifest.text(store, folder);
    if (found.isEmpty()) {
      return false;
    }
    Map<String, Integer> checksums = new HashMap<>();
    Map<String, LostUpdates> updates = new HashMap<>();
    Map<String, NonFinite> broken = new HashMap<>();
    MatrixFindings matrices;
    Map<String, String> digests = new HashMap<>();
    Map<String, ListedFile> files;
    try {
      JsonObject manifest = Json.parse(found.get().array()).object().orElse(JsonObject.EMPTY);
      Manifest.allShards(manifest).forEach(shard -> addChecksums(shard, checksums));
      for (JsonObject tensor : tensors(manifest)) {
        updates.put(tensor.text("name"), TensorFindings.updates(tensor));
      }
      Manifest.allShards(manifest).forEach(shard -> addNonFinite(shard, broken));
      Manifest.allShards(manifest)
          .forEach(shard -> digests.put(shard.text("file"), shard.text(ListedFile.SHA256)));
      matrices = new MatrixFindings(AdapterModules.of(manifest), MeasuredTensors.of(manifest));
      files = ListedFile.in(manifest);
    } catch (JsonException | IllegalArgumentException e) {
      return false; // it is no manifest of ours
    }
    JsonObject same =
        Manifest.of(
            facts.knowing(updates, broken, matrices),
            models,
            plan,
            new OutputSums(checksums, digests),
            files);
    return found.get().equals(OutputFiles.json(same)) && holdsShards(store, folder, plan);
  }

  private static void addNonFinite(JsonObject shard, Map<String, NonFinite> broken) {
    OutputShard named = new OutputShard(shard.text("file"), 0, List.of());
    for (JsonObject tensor : shard.objects("tensors")) {
      broken.put(named.key(tensor.text("name")), TensorFindings.nonFinite(tensor));
    }
  }

  private static void addChecksums(JsonObject shard, Map<String, Integer> checksums) {
    OutputShard named = new OutputShard(shard.text("file"), 0, List.of());
    for (JsonObject tensor : shard.objects("tensors")) {
      checksums.put(
          named.key(tensor.text("name")),
          Integer.parseUnsignedInt(tensor.text("crc32c"), HEXADECIMAL));
    }
  }

  private static List<JsonObject> tensors(JsonObject manifest) {
    return manifest.objects("shards").stream()
        .flatMap(shard -> shard.objects("tensors").stream())
        .toList();
  }

  private static boolean holdsShards(ObjectSource store, Location folder, MergePlan plan)
      throws IOException {
    Map<String, Long> sizes = new HashMap<>();
    store.list(folder).forEach(file -> sizes.put(file.location().name(), file.size()));
    for (OutputShard shard : plan.shards()) {
      if (!Long.valueOf(shard.size()).equals(sizes.get(shard.file()))) {
        return false;
      }
    }
    for (SideFolder beside : plan.sideFolders()) {
      for (OutputShard shard : beside.shards()) {
        Optional<StoredObject> file = store.find(folder.descendant(shard.file()));
        if (file.filter(found -> found.size() == shard.size()).isEmpty()) {
          return false;
        }
      }
    }
    return true;
  }
}
