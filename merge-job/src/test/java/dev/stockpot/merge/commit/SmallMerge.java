package dev.stockpot.merge.commit;

import static dev.stockpot.kernels.random.Rounding.Mode.NEAREST;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.part.PartResult;
import dev.stockpot.merge.part.PartTimes;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.MergePlanner;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.plan.PlanSettings;
import dev.stockpot.merge.plan.SliceTask;
import dev.stockpot.merge.recipe.MissingTensors;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.safetensors.CheckpointReader;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import dev.stockpot.merge.safetensors.ShardBytes;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.PartMemory;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/** A merge of two small models of zeros in memory, its parts made by hand instead of by tasks. */
final class SmallMerge {
  /** What its parts find, one of them. */
  static final Map<String, NonFinite> NOT_FINITE = Map.of("t.1", new NonFinite(1, 2, 3, 4));

  static final Location OUTPUT = new Location("merges/out");
  static final String RECIPE =
      """
      merge_method: linear
      models:
        - model: models/a
          parameters: {weight: 0.25}
        - model: models/b
          parameters: {weight: [{filter: t.2, value: 3}, {value: 0.75}]}
      """;

  /** The tensors of each model, and of the merge. */
  static final OutputTensor[] TENSORS = {
    new OutputTensor("t.1", DType.BF16, Shape.of(4)),
    new OutputTensor("t.2", DType.BF16, Shape.of(2, 2)),
    new OutputTensor("t.10", DType.BF16, Shape.of(4)),
  };

  private final MemoryStore store = new MemoryStore();
  private final List<Model> inputs = new ArrayList<>();
  private final MergePlan plan;

  /** A merge with shards of that many bytes, and a part for each tensor. */
  SmallMerge(long shardBytes) throws IOException {
    Map<ModelReference, Model> models = new LinkedHashMap<>();
    for (String name : List.of("models/a", "models/b")) {
      Location folder = new Location(name);
      store.write(folder.child("model.safetensors"), ShardBytes.shard(TENSORS));
      store.write(folder.child("config.json"), "{\"n_layer\": 3}".getBytes(UTF_8));
      store.write(folder.child("tokenizer.json"), ("tokens of " + name).getBytes(UTF_8));
      Model model = Model.of(CheckpointReader.open(store, folder));
      inputs.add(model);
      models.put(new ModelReference(name, 0), model);
    }
    Recipe recipe = new RecipeParser(MergeMethods.all()).parse("recipe.yml", RECIPE);
    PlanSettings settings =
        new PlanSettings(shardBytes, 1, 1 << 20, MissingTensors.FAIL, SafetensorsLayout.CHECKPOINT);
    plan =
        MergePlanner.plan(
            recipe,
            models,
            Map.of(),
            new Problems(recipe.source()),
            settings,
            Optional.empty(),
            NEAREST,
            7);
  }

  MemoryStore store() {
    return store;
  }

  MergePlan plan() {
    return plan;
  }

  List<Model> inputs() {
    return inputs;
  }

  static MergeFacts facts() {
    return new MergeFacts(RECIPE, "linear", 7, NEAREST, Map.of("stockpot", "1.2.3"));
  }

  MergeCommitter begin(boolean overwrite) throws IOException {
    return MergeCommitter.begin(
        store,
        OUTPUT,
        overwrite ? EarlierOutput.in(store, OUTPUT) : Replaceable.NOTHING,
        identity(),
        plan);
  }

  MergeCommitter resume() throws IOException {
    return resume(/* wantsDigests= */ false);
  }

  MergeCommitter resume(boolean wantsDigests) throws IOException {
    return MergeCommitter.resume(
        store, OUTPUT, Replaceable.NOTHING, identity(), plan, wantsDigests);
  }

  MergeIdentity identity() {
    return MergeIdentity.of(facts(), Map.of("seed", "7"), inputs, plan);
  }

  /** Makes a part as a task does. */
  PartResult make(MergeCommitter committer, PartTask task) throws IOException {
    List<PartResult.SliceChecksum> checksums = new ArrayList<>();
    try (PartSink sink = store.open(committer.ticket(task.file()), PartMemory.ANY)) {
      sink.write(task.front().orElse(ByteBuffer.allocate(0)));
      for (SliceTask slice : task.slices()) {
        byte[] zeros = new byte[(int) slice.bytes().length()];
        CRC32C crc = new CRC32C();
        crc.update(zeros);
        sink.write(ByteBuffer.wrap(zeros));
        checksums.add(
            new PartResult.SliceChecksum(
                slice.work().name(),
                slice.bytes().begin(),
                slice.bytes().length(),
                (int) crc.getValue()));
      }
      boolean isFirst =
          checksums.stream().anyMatch(slice -> NOT_FINITE.containsKey(slice.tensor()));
      return new PartResult(
          task.shard(),
          sink.finish(),
          checksums,
          Map.of(),
          isFirst ? NOT_FINITE : Map.of(),
          Map.of(),
          PartTimes.NONE);
    }
  }

  /** All of it, from the first part to the manifest. */
  void run() throws IOException {
    try (MergeCommitter committer = begin(true)) {
      for (PartTask task : plan.parts()) {
        committer.accept(make(committer, task));
      }
      committer.publish(files(committer));
    }
  }

  Map<String, ByteBuffer> files(MergeCommitter committer) throws IOException {
    return OutputFiles.of(
        store, facts(), inputs.get(0), inputs, plan, committer.sums(store), Map.of());
  }

  String text(String file) throws IOException {
    return new String(store.bytes(OUTPUT.child(file)), UTF_8);
  }
}
