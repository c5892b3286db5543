package dev.stockpot.merge.run;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.StoredObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the bytes of candidates hang on beside their recipes: settings, and the files of the models
 * that they name with their versions. Each model is looked at once.
 */
final class InputsOfCandidates {
  private final Places places;
  private final Map<String, String> settings;
  private final Map<ModelReference, String> models = new HashMap<>();
  private final Map<ModelReference, String> statistics = new HashMap<>();

  InputsOfCandidates(Places places, Settings settings, Optional<DType> dtype) {
    this.places = places;
    this.settings = new TreeMap<>(settings.bytesHangOn());
    this.settings.put("dtype", dtype.map(DType::name).orElse("none"));
  }

  /** Takes models that are open. */
  void know(Planned planned) {
    planned.models().forEach((reference, model) -> models.put(reference, digest(model)));
  }

  /**
   * Digest of what a recipe's bytes hang on.
   *
   * @throws UserException if a model that it names cannot be opened
   */
  String of(Recipe recipe) {
    Map<String, String> inputs = new TreeMap<>(settings);
    for (ModelReference model : Planned.references(recipe)) {
      inputs.put(
          "model " + model,
          models.computeIfAbsent(
              model,
              any -> opened(OpenedModel.of(places.store(), model, places::required, false))));
    }
    for (ModelReference place : Planned.allStatistics(recipe)) {
      inputs.put(
          "statistics " + place,
          statistics.computeIfAbsent(
              place,
              any -> opened(OpenedModel.ofStatistics(places.store(), place, places::required))));
    }
    return Sha256.of(inputs.toString());
  }

  private static String opened(OpenedModel opened) {
    return digest(opened.model().orElseThrow(() -> new UserException(opened.problem())));
  }

  private static String digest(Model model) {
    Map<String, String> files = new TreeMap<>();
    List<StoredObject> all = new ArrayList<>(model.shards());
    all.addAll(model.companions().values());
    all.forEach(
        file ->
            files.put(
                file.location().path(), "%s bytes, %s".formatted(file.size(), file.version())));
    files.put("config.json", model.configText());
    return Sha256.of(files.toString());
  }
}
