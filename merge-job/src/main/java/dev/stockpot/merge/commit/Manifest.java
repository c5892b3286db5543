package dev.stockpot.merge.commit;

import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.plan.PlannedTensor;
import dev.stockpot.merge.plan.SideFolder;
import dev.stockpot.merge.plan.Statistics;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was made of what, and how: enough to make it again and to check every tensor. It has no time
 * and no machine in it, so the same merge leaves the same manifest.
 */
final class Manifest {
  /** Beside the weights in the output folder. */
  static final String FILE_NAME = "stockpot-manifest.json";

  static final int FORMAT = 1;

  private Manifest() {}

  /** The key under which checkpoints that lie beside the merged one are listed. */
  static final String SIDES = "sides";

  /** The key under which trials are listed. */
  static final String CHOSEN = "chosen";

  /** The key under which all files but shards and manifest are listed. */
  static final String FILES = "files";

  private static final int MOST_BYTES = 256 << 20;

  /** The manifest that a folder has; nothing if it has none of ours. */
  static Optional<JsonObject> in(ObjectSource store, Location folder) throws IOException {
    Optional<ByteBuffer> text = text(store, folder);
    try {
      return text.isEmpty()
          ? Optional.empty()
          : Json.parse(text.get().array())
              .object()
              .filter(manifest -> manifest.integer("format").isPresent());
    } catch (JsonException e) { // whoever wrote it, it was not us
      return Optional.empty();
    }
  }

  /** Its text; nothing if there is none, or none of ours could be so long. */
  static Optional<ByteBuffer> text(ObjectSource store, Location folder) throws IOException {
    Optional<StoredObject> object = store.find(folder.child(FILE_NAME));
    return object.isEmpty() || object.get().size() > MOST_BYTES
        ? Optional.empty()
        : Optional.of(ByteBuffer.wrap(object.get().read(store)));
  }

  private static JsonObject beginning(Map<String, String> versions) {
    return JsonObject.EMPTY.with("format", FORMAT).with("versions", JsonObject.of(versions));
  }

  /**
   * The manifest of a merge.
   *
   * @param sums of its tensors and shards
   * @param files all other files of the output, by name; none in manifests of before
   */
  static JsonObject of(
      MergeFacts facts,
      List<Model> inputs,
      MergePlan plan,
      OutputSums sums,
      Map<String, ListedFile> files) {
    JsonObject manifest =
        beginning(facts.versions()).with("method", facts.method()).with("seed", facts.seed());
    if (facts.rounding() != Rounding.Mode.NEAREST) {
      manifest = manifest.with("rounding", facts.rounding().name().toLowerCase(Locale.ROOT));
    }
    if (facts.chosenBy().isPresent()) {
      manifest = manifest.with(CHOSEN, facts.chosenBy().get().json());
    }
    manifest = withAny(manifest, "stages", facts.stages().stream().map(ListedStage::of).toList());
    Map<JsonObject, Integer> parameters = new LinkedHashMap<>();
    List<JsonObject> shards = shards(plan, sums, facts, parameters);
    return withSides(
        MeasuredTensors.in(
            AdapterModules.in(
                withLeftBehind(
                        manifest
                            .with("recipe", facts.recipe())
                            .with("inputs", inputs(inputs, plan)),
                        plan.output().leftBehind())
                    .with("shards", shards)
                    .with("parameters", List.copyOf(parameters.keySet())),
                facts.matrices().cuts()),
            facts.matrices().measures()),
        plan.sideFolders().stream().map(folder -> side(folder, sums, facts)).toList(),
        files);
  }

  private static JsonObject withAny(JsonObject to, String key, List<? extends JsonValue> values) {
    return values.isEmpty() ? to : to.with(key, values);
  }

  /** Files of the donor that did not go along. */
  private static JsonObject withLeftBehind(JsonObject manifest, Map<String, String> left) {
    List<JsonObject> files = new ArrayList<>();
    left.forEach((name, why) -> files.add(JsonObject.EMPTY.with("file", name).with("why", why)));
    return withAny(manifest, "left_behind", files);
  }

  /** The manifest of a report about two checkpoints, of which no third is made. */
  static JsonObject ofDifference(
      String base, String model, Map<String, String> versions, Map<String, ListedFile> files) {
    JsonObject compared = JsonObject.EMPTY.with("base", base).with("model", model);
    return withFiles(beginning(versions).with("difference", compared), files);
  }

  /** Of trials of which nothing was merged. */
  static JsonObject ofTrials(
      String recipe, ChosenBy trials, Map<String, String> versions, Map<String, ListedFile> files) {
    JsonObject manifest = beginning(versions).with("recipe", recipe).with(CHOSEN, trials.json());
    return withFiles(manifest, files);
  }

  private static JsonObject withFiles(JsonObject manifest, Map<String, ListedFile> files) {
    List<JsonObject> listed = new ArrayList<>();
    new TreeMap<>(files).forEach((name, file) -> listed.add(file.json(name)));
    return withAny(manifest, FILES, listed);
  }

  /** Those that are beside the model, and the other files. */
  private static JsonObject withSides(
      JsonObject manifest, List<JsonObject> sides, Map<String, ListedFile> files) {
    return withFiles(withAny(manifest, SIDES, sides), files);
  }

  /** Every shard that a manifest lists, the model's first. */
  static List<JsonObject> allShards(JsonObject manifest) {
    List<JsonObject> shards = new ArrayList<>(manifest.objects("shards"));
    manifest.objects(SIDES).forEach(side -> shards.addAll(side.objects("shards")));
    return shards;
  }

  /** Where a checkpoint beside the merged one lies in the output; nowhere if it has no shards. */
  static Optional<String> folder(JsonObject side) {
    return side.objects("shards").stream()
        .map(shard -> shard.text("file"))
        .filter(file -> file.indexOf('/') > 0)
        .map(file -> file.substring(0, file.lastIndexOf('/')))
        .findFirst();
  }

  private static List<JsonObject> inputs(List<Model> models, MergePlan plan) {
    List<JsonObject> inputs = new ArrayList<>();
    models.forEach(model -> inputs.add(input(model)));
    for (Statistics statistics : plan.statistics()) {
      inputs.add(
          JsonObject.EMPTY
              .with("statistics", statistics.kind())
              .with("folder", statistics.checkpoint().folder().path())
              .with("shards", shards(statistics.checkpoint())));
    }
    return inputs;
  }

  private static List<JsonObject> shards(Model checkpoint) {
    return checkpoint.shards().stream().map(Manifest::file).toList();
  }

  private static JsonObject side(SideFolder folder, OutputSums sums, MergeFacts facts) {
    List<JsonObject> shards = new ArrayList<>();
    for (OutputShard shard : folder.shards()) {
      shards.add(
          shard(
              shard,
              sums,
              shard.tensors().stream()
                  .map(placed -> placed.tensor().output())
                  .map(
                      output ->
                          TensorFindings.withNonFinite(
                              tensor(shard, output, sums), shard.key(output.name()), facts))
                  .toList()));
    }
    return JsonObject.EMPTY.with("name", folder.name()).with("shards", shards);
  }

  private static JsonObject shard(OutputShard shard, OutputSums sums, List<JsonObject> tensors) {
    String sha256 = sums.sha256().getOrDefault(shard.file(), "");
    return new ListedFile(shard.size(), sha256).json(shard.file()).with("tensors", tensors);
  }

  private static JsonObject tensor(OutputShard shard, OutputTensor output, OutputSums sums) {
    return JsonObject.EMPTY
        .with("name", output.name())
        .with("dtype", output.dtype().name())
        .with("shape", output.shape().toString())
        .with(
            "crc32c",
            String.format(Locale.ROOT, "%08x", sums.crc32c().get(shard.key(output.name()))));
  }

  private static JsonObject input(Model input) {
    return JsonObject.EMPTY.with("model", input.folder().path()).with("shards", shards(input));
  }

  private static JsonObject file(StoredObject shard) {
    return JsonObject.EMPTY
        .with("file", shard.location().name())
        .with("size", shard.size())
        .with("version", shard.version());
  }

  private static List<JsonObject> shards(
      MergePlan plan, OutputSums sums, MergeFacts facts, Map<JsonObject, Integer> parameters) {
    List<JsonObject> shards = new ArrayList<>();
    for (OutputShard shard : plan.shards()) {
      List<JsonObject> tensors = new ArrayList<>();
      for (OutputShard.Placed placed : shard.tensors()) {
        OutputTensor output = placed.tensor().output();
        JsonObject values = parameters(placed.tensor());
        Integer known = parameters.putIfAbsent(values, parameters.size());
        JsonObject tensor =
            tensor(shard, output, sums)
                .with("parameters", known == null ? parameters.size() - 1 : known);
        tensors.add(TensorFindings.with(tensor, output.name(), facts));
      }
      shards.add(shard(shard, sums, tensors));
    }
    return shards;
  }

  static JsonObject parameters(PlannedTensor tensor) {
    List<JsonObject> models = new ArrayList<>();
    for (Map.Entry<String, ParameterValues> model : tensor.models()) {
      models.add(
          JsonObject.EMPTY.with("model", model.getKey()).with("values", values(model.getValue())));
    }
    return JsonObject.EMPTY.with("merge", values(tensor.merge())).with("models", models);
  }

  private static JsonObject values(ParameterValues values) {
    return JsonObject.of(values.values());
  }
}
