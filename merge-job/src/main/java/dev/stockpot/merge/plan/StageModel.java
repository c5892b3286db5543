package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.checkpoint.Surroundings;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.WrittenJson;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.output.ConfigEdit;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The model that a stage makes, as later merges take it, known from the stage's plan alone.
 *
 * @param name of the stage
 * @param method of the stage
 * @param plan of the stage
 * @param donor the model that gives the stage's configuration and companions
 */
public record StageModel(String name, MergeMethod method, MergePlan plan, Model donor) {

  /** Why the stage cannot be made on the way, tensor by tensor; empty if it can. */
  public Optional<String> obstacle() {
    if (!method.sideOutputs().isEmpty()) {
      return Optional.of("%s makes a checkpoint beside the model".formatted(method.name()));
    }
    return works().flatMap(work -> work.accept(new StageObstacle()).stream()).findFirst();
  }

  /** Whether making some of its tensors takes all of their inputs at once. */
  public boolean isWhole() {
    return works()
        .anyMatch(
            work ->
                work.scan().isPresent()
                    || work.rows().elements() > 0
                    || work.inputs().stream().anyMatch(input -> input.source().isWhole()));
  }

  private Stream<TensorWork> works() {
    return planned().map(PlannedTensor::work);
  }

  /** Its tensors, in the order in which they would be written. */
  public Stream<PlannedTensor> planned() {
    return plan.shards().stream()
        .flatMap(shard -> shard.tensors().stream())
        .map(OutputShard.Placed::tensor);
  }

  /**
   * The stage as a view: its tensors are made when they are wanted.
   *
   * @param made where files are read that the stage makes beside its tensors
   * @throws IllegalStateException if there is an {@link #obstacle}
   */
  public Model onTheWay(Function<Companion, StoredObject> made) {
    Map<String, TensorSource> tensors = new LinkedHashMap<>();
    planned()
        .forEach(
            tensor ->
                tensors.put(
                    tensor.output().name(), tensor.work().accept(new StageSource(method, tensor))));
    return model(new Location(name), tensors, List.of(), made);
  }

  /**
   * The stage as it will lie in a folder once it is written there.
   *
   * @param made where files are read that the stage makes beside its tensors
   */
  public Model written(Location folder, Function<Companion, StoredObject> made) {
    List<StoredObject> shards = new ArrayList<>();
    Map<String, TensorSource> tensors = stored(folder, plan.shards(), shards);
    return model(folder, tensors, shards, made);
  }

  /**
   * Tensors as they will lie in files.
   *
   * @param shards takes these files
   */
  private static Map<String, TensorSource> stored(
      Location folder, List<OutputShard> planned, List<StoredObject> shards) {
    Map<String, TensorSource> tensors = new LinkedHashMap<>();
    for (OutputShard shard : planned) {
      StoredObject file = new StoredObject(folder.descendant(shard.file()), shard.size(), "");
      shards.add(file);
      for (OutputShard.Placed placed : shard.tensors()) {
        String tensor = placed.tensor().output().name();
        tensors.put(
            tensor,
            new Stored(
                new TensorInfo(
                    tensor,
                    placed.tensor().output().dtype(),
                    placed.tensor().output().shape(),
                    file,
                    placed.bytes())));
      }
    }
    return tensors;
  }

  /**
   * A checkpoint that the stage makes beside its model, as it will lie in a folder.
   *
   * @param kind its name among the method's side outputs
   */
  public Optional<Model> state(Location folder, String kind) {
    return plan.sideFolders().stream()
        .filter(side -> side.name().equals(kind))
        .findFirst()
        .map(
            side -> {
              List<StoredObject> shards = new ArrayList<>();
              Map<String, TensorSource> tensors = stored(folder, side.shards(), shards);
              return new Model(
                  folder,
                  tensors,
                  ModelConfig.of(JsonObject.EMPTY),
                  "",
                  shards,
                  Map.of(),
                  Surroundings.UNKNOWN);
            });
  }

  /**
   * The stage as it lies in a folder.
   *
   * @param stored its tensors, as they were found there
   */
  public Model written(Model stored, Function<Companion, StoredObject> made) {
    return model(stored.folder(), stored.tensors(), stored.shards(), made);
  }

  private Model model(
      Location folder,
      Map<String, TensorSource> tensors,
      List<StoredObject> shards,
      Function<Companion, StoredObject> made) {
    Map<String, StoredObject> companions = new LinkedHashMap<>();
    for (Companion companion : plan.output().companions()) {
      companions.put(companion.name(), companion.stored().orElseGet(() -> made.apply(companion)));
    }
    JsonObject config = donor.config().tree();
    for (ConfigEdit edit : plan.output().edits()) {
      config = edit.apply(config);
    }
    boolean hasConfig = !donor.configText().isEmpty();
    return new Model(
        folder,
        tensors,
        ModelConfig.of(hasConfig ? config : JsonObject.EMPTY),
        hasConfig ? text(config) : "",
        shards,
        companions,
        new Surroundings(
                donor.surroundings().weights(),
                Set.of(),
                plan.output().card().frontMatter(/* isAdapter= */ false),
                Map.of(),
                List.of())
            .withParts(donor.surroundings().parts()));
  }

  /** As it would be written. */
  private String text(JsonObject config) {
    try {
      return WrittenJson.of(donor.configText()).with(config);
    } catch (JsonException e) {
      throw new IllegalStateException("a configuration that was parsed is no JSON", e);
    }
  }
}
