package dev.stockpot.merge.run;

import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.gguf.GgufFile;
import dev.stockpot.merge.gguf.Imatrix;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.safetensors.ShardMetadata;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import dev.stockpot.merge.statistics.StatisticsFile;
import dev.stockpot.merge.statistics.StatisticsNotes;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Statistics beside models, looked at before a merge begins: what their writer says, how many
 * samples they are of, whether their numbers can be what they are said to be, and whether the
 * models are those that they were made of.
 */
final class OpenedStatistics {
  private final ObjectSource store;
  private final Map<ModelReference, Model> models;
  private final ModelDigests digests;

  OpenedStatistics(ObjectSource store, Map<ModelReference, Model> models) {
    this.store = store;
    this.models = models;
    this.digests = new ModelDigests(store);
  }

  /**
   * Looks at all of them.
   *
   * @param beside their headers
   * @param recipes that name them
   */
  Map<ModelReference, StatisticsCheckpoint> of(
      Map<ModelReference, Model> beside, List<Recipe> recipes) throws IOException {
    Map<ModelReference, StatisticsCheckpoint> opened = new LinkedHashMap<>();
    for (Map.Entry<ModelReference, Model> entry : beside.entrySet()) {
      opened.put(entry.getKey(), open(entry.getKey(), entry.getValue(), recipes));
    }
    return opened;
  }

  private StatisticsCheckpoint open(ModelReference place, Model checkpoint, List<Recipe> recipes)
      throws IOException {
    boolean isState = isState(place, recipes);
    StatisticsCheckpoint alone = alone(store, place.path(), checkpoint, !isState).checkpoint();
    List<String> faults = new ArrayList<>(alone.faults());
    List<String> remarks = new ArrayList<>(alone.remarks());
    List<ModelReference> of = modelsOf(place, recipes);
    List<ModelReference> second =
        aligned(place, recipes).stream().map(Source::model).distinct().toList();
    compare(of, alone.notes().model(), faults, remarks);
    compare(second, alone.notes().second(), faults, remarks);
    if (!isState) {
      unsaid(of, alone.notes().model(), "model_sha256").ifPresent(remarks::add);
      unsaid(second, alone.notes().second(), "model_b_sha256").ifPresent(remarks::add);
    }
    return new StatisticsCheckpoint(checkpoint, alone.notes(), alone.counts(), faults, remarks);
  }

  /**
   * Looks at statistics without models.
   *
   * @param name what they are called in messages
   * @param checkpoint their headers
   * @param looksAtNumbers whether they are to be statistics by their numbers, too
   */
  static StatisticsFile alone(
      ObjectSource store, String name, Model checkpoint, boolean looksAtNumbers)
      throws IOException {
    List<String> faults = new ArrayList<>();
    Map<String, String> metadata = metadata(store, checkpoint, faults);
    StatisticsNotes notes = StatisticsNotes.of(metadata, faults);
    StatisticsNumbers numbers = new StatisticsNumbers(store);
    Map<String, Double> counts = StatisticsCounts.of(checkpoint, numbers, faults);
    if (looksAtNumbers) {
      faults.addAll(numbers.faults(checkpoint));
    }
    List<String> remarks = checkpoint.surroundings().remarks();
    return new StatisticsFile(
        name, new StatisticsCheckpoint(checkpoint, notes, counts, faults, remarks), metadata);
  }

  private static Map<String, String> metadata(
      ObjectSource store, Model checkpoint, List<String> faults) throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    for (StoredObject shard : checkpoint.shards()) {
      boolean isGguf = GgufFile.isNamed(shard.location().name());
      Map<String, String> notes = isGguf ? Imatrix.NOTES : ShardMetadata.read(store, shard);
      for (Map.Entry<String, String> entry : notes.entrySet()) {
        String before = all.putIfAbsent(entry.getKey(), entry.getValue());
        if (before != null && !before.equals(entry.getValue())) {
          faults.add(
              "its files say %s is '%s' and '%s'. Take those of one run"
                  .formatted(entry.getKey(), before, entry.getValue()));
        }
      }
    }
    return all;
  }

  /** Whether a round left them, which are known by their checksums and read once. */
  private static boolean isState(ModelReference place, List<Recipe> recipes) {
    return recipes.stream()
        .flatMap(recipe -> recipe.all().stream())
        .filter(recipe -> recipe.round().isPresent())
        .anyMatch(recipe -> recipe.statistics().containsValue(place));
  }

  /** The models that statistics are said to be of. */
  private static List<ModelReference> modelsOf(ModelReference place, List<Recipe> recipes) {
    List<ModelReference> models = new ArrayList<>();
    for (Recipe recipe : recipes) {
      for (Recipe each : recipe.all()) {
        if (each.mixture().flatMap(mixture -> mixture.gates().file()).stream()
            .anyMatch(place::equals)) {
          models.add(each.donor());
        }
        for (Slice slice : each.slices()) {
          slice.sources().stream()
              .filter(source -> source.statistics().containsValue(place))
              .map(source -> firstModel(source, place, each))
              .filter(model -> !models.contains(model))
              .forEach(models::add);
        }
      }
    }
    return models;
  }

  /** Of what is of two models, the one that another is aligned to. */
  private static ModelReference firstModel(Source source, ModelReference place, Recipe recipe) {
    return isOfTwo(source, place) ? source.align().orElseThrow().to(recipe.base()) : source.model();
  }

  private static boolean isOfTwo(Source source, ModelReference place) {
    return source
        .align()
        .filter(
            choice ->
                choice.by().together().stream()
                    .anyMatch(kind -> place.equals(source.statistics().get(kind))))
        .isPresent();
  }

  /** Models that statistics of two are the second of. */
  private static List<Source> aligned(ModelReference place, List<Recipe> recipes) {
    return recipes.stream()
        .flatMap(recipe -> recipe.all().stream())
        .flatMap(recipe -> recipe.slices().stream())
        .flatMap(slice -> slice.sources().stream())
        .filter(source -> isOfTwo(source, place))
        .toList();
  }

  /** That a file does not say of which weights it is, which only its user can know then. */
  private static Optional<String> unsaid(
      List<ModelReference> models, Optional<String> digest, String note) {
    if (models.isEmpty() || digest.isPresent()) {
      return Optional.empty();
    }
    String names = FirstFew.of(models.stream().map(ModelReference::toString).toList());
    return Optional.of(
        "it does not say of which weights it is (%s): that they are those of %s is for you to know"
            .formatted(note, names));
  }

  private void compare(
      List<ModelReference> models,
      Optional<String> digest,
      List<String> faults,
      List<String> remarks)
      throws IOException {
    if (digest.isPresent()) {
      for (ModelReference model : models) {
        compare(model, digest.get(), faults, remarks);
      }
    }
  }

  private void compare(
      ModelReference reference, String digest, List<String> faults, List<String> remarks)
      throws IOException {
    Model model = models.get(reference);
    if (model == null || !reference.adapters().isEmpty()) {
      remarks.add(
          "nobody can tell whether %s has the weights that it was made of".formatted(reference));
      return;
    }
    Optional<String> found = digests.of(model);
    if (found.isEmpty()) {
      remarks.add(
          "%s is too large to be compared with the weights that it was made of (model_sha256)"
              .formatted(reference));
    } else if (!found.get().equals(digest)) {
      faults.add(
          "it was made of other weights than %s: their SHA-256 was %s, and is %s. Compute it again"
              .formatted(reference, digest, found.get()));
    }
  }
}
