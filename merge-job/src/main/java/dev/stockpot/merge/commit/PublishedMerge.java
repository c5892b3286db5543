package dev.stockpot.merge.commit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
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
  private static final int MOST_MANIFEST_BYTES = 256 << 20;

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
    Optional<StoredObject> object = store.find(folder.child(Manifest.FILE_NAME));
    if (object.isEmpty() || object.get().size() > MOST_MANIFEST_BYTES) {
      return false;
    }
    ByteBuffer found = OutputFiles.read(store, object.get());
    String text = UTF_8.decode(found.duplicate()).toString();
    Map<String, Integer> checksums;
    Map<String, LostUpdates> updates;
    Map<String, Long> files;
    try {
      JsonNode manifest = new ObjectMapper().readTree(text);
      checksums = checksums(manifest);
      updates = updates(manifest);
      files = Manifest.files(manifest);
    } catch (JsonProcessingException | NumberFormatException e) {
      return false; // it is no manifest of ours
    }
    return found.equals(
            OutputFiles.json(Manifest.of(facts.knowing(updates), models, plan, checksums, files)))
        && holdsShards(store, folder, plan);
  }

  private static Map<String, Integer> checksums(JsonNode manifest) {
    Map<String, Integer> checksums = new HashMap<>();
    for (JsonNode shard : manifest.path("shards")) {
      for (JsonNode tensor : shard.path("tensors")) {
        String checksum = tensor.path("crc32c").asText();
        checksums.put(
            tensor.path("name").asText(), Integer.parseUnsignedInt(checksum, HEXADECIMAL));
      }
    }
    return checksums;
  }

  private static Map<String, LostUpdates> updates(JsonNode manifest) {
    Map<String, LostUpdates> updates = new HashMap<>();
    for (JsonNode shard : manifest.path("shards")) {
      for (JsonNode tensor : shard.path("tensors")) {
        updates.put(
            tensor.path("name").asText(),
            new LostUpdates(tensor.path("updated").asLong(), tensor.path("lost").asLong()));
      }
    }
    return updates;
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
    return true;
  }
}
