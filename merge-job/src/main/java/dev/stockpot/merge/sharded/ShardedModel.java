package dev.stockpot.merge.sharded;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.checkpoint.Surroundings;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.safetensors.CheckpointReader;
import dev.stockpot.merge.safetensors.EarlierCompanions;
import dev.stockpot.merge.safetensors.ShardMetadata;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A checkpoint of PyTorch's distributed saving in safetensors, as it lies before it is
 * consolidated: each process has files of its own, {@code
 * shard-00001-model-00001-of-00001.safetensors}, and the header of each says where its blocks lie
 * in their tensors.
 */
public final class ShardedModel {
  private static final Pattern NAME =
      Pattern.compile("shard-(?<rank>\\d{5})-model-\\d{5}-of-\\d{5}\\.safetensors");
  private static final String PLACES = "DCP_SHARDING_INFO";
  private static final String OFFSETS = "saved_offsets";
  private static final String CONFIG = "config.json";
  private static final int MOST_CONFIG_BYTES = 10 << 20;

  private final ObjectSource store;
  private final Location folder;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, List<Block>> blocks = new LinkedHashMap<>();

  private ShardedModel(ObjectSource store, Location folder) {
    this.store = store;
    this.folder = folder;
  }

  /** Whether files of a folder are such, and none of them is a consolidated one. */
  public static boolean isOne(List<StoredObject> files) {
    boolean hasOther =
        files.stream()
            .map(file -> file.location().name())
            .anyMatch(name -> name.endsWith(".safetensors") && !NAME.matcher(name).matches());
    return !hasOther
        && files.stream().anyMatch(file -> NAME.matcher(file.location().name()).matches());
  }

  /**
   * Opens one: headers are read, and no tensors.
   *
   * @throws UserException with everything that is wrong: files or blocks that are missing, that lie
   *     over each other, or are of two saves
   */
  public static Model open(ObjectSource store, Location folder) throws IOException {
    return new ShardedModel(store, folder).read();
  }

  private Model read() throws IOException {
    List<StoredObject> shards =
        store.list(folder).stream()
            .filter(file -> NAME.matcher(file.location().name()).matches())
            .toList();
    requireAllRanks(shards);
    for (StoredObject shard : shards) {
      add(shard);
    }
    Map<String, TensorSource> tensors = new LinkedHashMap<>();
    blocks.forEach(
        (name, parts) ->
            BlockedTensor.of(name, parts, problems::add)
                .ifPresent(tensor -> tensors.put(name, tensor)));
    if (!problems.isEmpty()) {
      throw new UserException("%s: %s".formatted(folder, String.join("\n", problems)));
    }
    Map<String, StoredObject> companions = new LinkedHashMap<>();
    for (StoredObject file : EarlierCompanions.in(store, folder)) {
      companions.put(file.location().name(), file);
    }
    String config = config();
    return new Model(
        folder,
        tensors,
        ModelConfig.of(config.isEmpty() ? JsonObject.EMPTY : object(config)),
        config,
        shards,
        companions,
        Surroundings.UNKNOWN);
  }

  private void requireAllRanks(List<StoredObject> shards) {
    TreeSet<Integer> ranks = new TreeSet<>();
    for (StoredObject shard : shards) {
      Matcher name = NAME.matcher(shard.location().name());
      if (name.matches()) {
        ranks.add(Integer.parseInt(name.group("rank")));
      }
    }
    int first = ranks.first();
    for (int rank = first; rank < ranks.last(); rank++) {
      if (!ranks.contains(rank)) {
        problems.add(
            String.format(
                Locale.ROOT,
                "shard-%05d of the processes up to %05d is not there. Fetch it",
                rank,
                ranks.last()));
      }
    }
    if (first > 1) { // PyTorch counts from 0 or from 1
      problems.add(
          String.format(
              Locale.ROOT, "shard-%05d is the first that is there. Fetch those before", first));
    }
  }

  private void add(StoredObject shard) throws IOException {
    JsonObject places = places(shard);
    for (TensorInfo tensor :
        CheckpointReader.openTensors(store, shard.location()).tensors().values()) {
      Optional<List<Long>> origin = origin(places, tensor, shard);
      origin.ifPresent(
          there ->
              blocks
                  .computeIfAbsent(tensor.name(), any -> new ArrayList<>())
                  .add(new Block(there, tensor)));
    }
  }

  private JsonObject places(StoredObject shard) throws IOException {
    String text = ShardMetadata.read(store, shard).getOrDefault(PLACES, "");
    try {
      Optional<JsonObject> places =
          text.isEmpty()
              ? Optional.empty()
              : Json.parse(text.getBytes(StandardCharsets.UTF_8)).object();
      if (places.isPresent()) {
        return places.get();
      }
    } catch (JsonException e) {
      // told below, as if there were none
    }
    problems.add(
        "%s does not say where its blocks lie (%s). Save it again, or consolidate it: torch.distributed.checkpoint._consolidate_hf_safetensors"
            .formatted(shard.location().name(), PLACES));
    return JsonObject.EMPTY;
  }

  /** Where a block begins; a tensor that is nowhere said to be a block begins at its beginning. */
  private Optional<List<Long>> origin(JsonObject places, TensorInfo tensor, StoredObject shard) {
    int axes = tensor.shape().dimensions().size();
    List<Long> origin = new ArrayList<>();
    List<JsonValue> offsets =
        places.object(tensor.name()).map(place -> place.list(OFFSETS)).orElse(List.of());
    for (JsonValue offset : offsets) {
      OptionalLong place = offset.whole();
      if (place.isPresent() && place.getAsLong() >= 0) {
        origin.add(place.getAsLong());
      }
    }
    if (origin.size() != axes || offsets.size() != axes) {
      problems.add(
          "%s says that %s %s begins at %s. Fetch the file again"
              .formatted(
                  shard.location().name(),
                  tensor.name(),
                  tensor.shape(),
                  JsonWriter.text(JsonStyle.COMPACT, JsonValue.of(offsets))));
      return Optional.empty();
    }
    return Optional.of(origin);
  }

  private String config() throws IOException {
    Optional<StoredObject> file = store.find(folder.child(CONFIG));
    return file.isPresent() && file.get().size() <= MOST_CONFIG_BYTES
        ? new String(file.get().read(store), StandardCharsets.UTF_8)
        : "";
  }

  private JsonObject object(String config) {
    try {
      return Json.parsePythons(config)
          .object()
          .orElseThrow(
              () ->
                  new UserException(
                      "%s/%s is not a JSON object. Fetch it again".formatted(folder, CONFIG)));
    } catch (JsonException e) {
      throw new UserException("%s/%s is no JSON: %s".formatted(folder, CONFIG, e.getMessage()), e);
    }
  }
}
