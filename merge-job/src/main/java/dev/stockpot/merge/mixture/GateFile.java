package dev.stockpot.merge.mixture;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.StoredNumbers;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.MixtureChoice;
import dev.stockpot.merge.recipe.MixtureChoice.Expert;
import dev.stockpot.merge.recipe.MixtureChoice.GateMode;
import dev.stockpot.merge.safetensors.ShardMetadata;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file of routers' rows, {@code gate.N} [experts, d] of each layer, or of states that rows are
 * made of, {@code gate_hidden} [layers, experts, d].
 */
final class GateFile {
  private static final String HIDDEN = "gate_hidden";

  private final String name;
  private final Model file;
  private final StoredNumbers numbers;
  private final ObjectSource store;
  private final List<String> faults = new ArrayList<>();

  /**
   * @param name as the recipe has it
   */
  GateFile(String name, Model file, ObjectSource store) {
    this.name = name;
    this.file = file;
    this.store = store;
    this.numbers = new StoredNumbers(store);
  }

  /** What is wrong with it. */
  List<String> faults() {
    return faults;
  }

  /** The rows of a layer as they are, the shared expert's behind the others. */
  Optional<RouterRows> rows(int layer, int experts, boolean hasShared, int width)
      throws IOException {
    Optional<double[]> own = read("gate.%s".formatted(layer), Shape.of(experts, width));
    Optional<double[]> shared =
        hasShared
            ? read("shared_gate.%s".formatted(layer), Shape.of(1, width))
            : Optional.of(new double[0]);
    if (own.isEmpty() || shared.isEmpty()) {
      return Optional.empty();
    }
    List<double[]> rows = new ArrayList<>(RouterRows.of(own.get(), width).rows());
    rows.addAll(RouterRows.of(shared.get(), width).rows());
    return Optional.of(new RouterRows(rows));
  }

  /** The states of all layers; none if they are not what they should be. */
  List<RouterRows> states(MixtureChoice mixture, int layers, int experts, int width)
      throws IOException {
    checkNotes(mixture);
    Optional<double[]> all = read(HIDDEN, Shape.of(layers, experts, width));
    List<RouterRows> rows = new ArrayList<>();
    for (int layer = 0; all.isPresent() && layer < layers; layer++) {
      double[] ofLayer = new double[experts * width];
      System.arraycopy(all.get(), layer * ofLayer.length, ofLayer, 0, ofLayer.length);
      rows.add(RouterRows.of(ofLayer, width));
    }
    return rows;
  }

  private Optional<double[]> read(String tensor, Shape expected) throws IOException {
    TensorSource source = file.tensors().get(tensor);
    if (source == null) {
      faults.add(
          "%s has no %s, but %s; it must be %s"
              .formatted(
                  name, tensor, FittingModels.some(List.copyOf(file.tensors().keySet())), expected));
      return Optional.empty();
    }
    if (!source.shape().equals(expected)) {
      faults.add(
          "%s of %s is %s, must be %s: layers, experts in the recipe's order (a gated shared one last), width"
              .formatted(tensor, name, source.shape(), expected));
      return Optional.empty();
    }
    return Optional.of(numbers.read(source, ElementSpan.all(source.shape())));
  }

  /** What its writer says of prompts and positions must be what the recipe says. */
  private void checkNotes(MixtureChoice mixture) throws IOException {
    Map<String, String> notes = new LinkedHashMap<>();
    for (StoredObject shard : file.shards()) {
      notes.putAll(ShardMetadata.read(store, shard));
    }
    String wanted = mixture.gates().mode() == GateMode.HIDDEN_AVG ? "mean" : "last";
    String position = notes.getOrDefault("position", wanted);
    if (!position.equals(wanted)) {
      faults.add(
          "%s holds states of position '%s', and `gate_mode: %s` means '%s'; make it anew, or change the mode"
              .formatted(name, position, mixture.gates().mode().word(), wanted));
    }
    if (notes.containsKey("prompts") && !isOf(notes.get("prompts"), mixture)) {
      faults.add(
          "%s was made of other prompts, or of experts in another order, than the recipe has; make it anew"
              .formatted(name));
    }
  }

  private static boolean isOf(String prompts, MixtureChoice mixture) {
    List<JsonValue> wanted = new ArrayList<>();
    for (Expert expert : mixture.all()) {
      if (!expert.positive().isEmpty()) { // a shared one without a gate has none
        wanted.add(JsonValue.of(List.of(texts(expert.positive()), texts(expert.negative()))));
      }
    }
    try {
      return Json.parse(prompts.getBytes(StandardCharsets.UTF_8)).equals(JsonValue.of(wanted));
    } catch (JsonException e) {
      return false;
    }
  }

  private static JsonValue texts(List<String> texts) {
    return JsonValue.of(texts.stream().map(JsonValue::of).toList());
  }
}
