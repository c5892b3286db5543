package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.UnknownKeys;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import dev.stockpot.merge.statistics.StatisticsFile;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is found of statistics and of the models that they are said to be of. */
class OpenedStatisticsTest {
  private static final String OTHER = "ab".repeat(32);

  private final MemoryStore store = new MemoryStore();
  private final Map<ModelReference, Model> models = new LinkedHashMap<>();

  private static Location at(String name) {
    return new Location("s3://b/" + name);
  }

  private static ModelReference named(String name) {
    return new ModelReference("s3://b/" + name, 1);
  }

  private Model model(String name) throws IOException {
    MemoryModel.in(store, "s3://b/" + name).floats("w", 1, 2).write();
    Model model = OpenedModel.statistics(store, at(name));
    models.put(named(name), model);
    return model;
  }

  /** Looked at for two merges of one recipe, which say everything once. */
  private StatisticsCheckpoint opened(Model statistics, String recipe) throws IOException {
    Recipe read = MergeRecipe.yaml(recipe).read(store, UnknownKeys.ERROR).ofOneMerge();
    return new OpenedStatistics(store, models)
        .of(Map.of(named("stats"), statistics), List.of(read, read))
        .get(named("stats"));
  }

  private static String fisher(String... models) {
    StringBuilder recipe = new StringBuilder("merge_method: fisher\nmodels:\n");
    for (String model : models) {
      recipe.append(
          "- {model: s3://b/%s, statistics: {fisher_diag: s3://b/stats}}\n".formatted(model));
    }
    return recipe.toString();
  }

  private Model statistics(String... notes) throws IOException {
    MemoryModel statistics = MemoryModel.in(store, "s3://b/stats").floats("w", 1, 1);
    for (int i = 0; i < notes.length; i += 2) {
      statistics.says(notes[i], notes[i + 1]);
    }
    return OpenedModel.statistics(store, statistics.write().folder());
  }

  @Test
  void filesOfTwoRunsAreAFaultForEachNoteThatDiffers() throws IOException {
    MemoryModel.in(store, "s3://b/stats")
        .says("kind", "gram")
        .says("n_examples", "10")
        .floats("a.gram_diag", 1)
        .write("model-00001-of-00002.safetensors")
        .says("kind", "gram")
        .says("n_examples", "11")
        .says("dataset_note", "all")
        .floats("b.gram_diag", -1)
        .write("model-00002-of-00002.safetensors");
    Model model = OpenedModel.statistics(store, at("stats"));

    StatisticsFile file = OpenedStatistics.alone(store, "mine", model, true);
    assertThat(file.name()).isEqualTo("mine");
    assertThat(file.metadata())
        .containsEntry("n_examples", "10")
        .containsEntry("dataset_note", "all");
    assertThat(file.checkpoint().notes().kind()).hasValue("gram");
    assertThat(file.checkpoint().faults())
        .containsExactly(
            "its files say n_examples is '10' and '11'. Take those of one run",
            "element 0 of b.gram_diag is -1.0, but is a sum of squares. Compute it again");
    assertThat(OpenedStatistics.alone(store, "mine", model, false).checkpoint().faults())
        .containsExactly("its files say n_examples is '10' and '11'. Take those of one run");
  }

  @Test
  void theWeightsOfEachModelAreComparedAndNamed() throws IOException {
    model("a");
    MemoryModel.in(store, "s3://b/b").floats("w", 3, 4).write();
    models.put(named("b"), OpenedModel.statistics(store, at("b")));
    ModelDigests digests = new ModelDigests(store);
    String ofA = digests.of(models.get(named("a"))).orElseThrow();
    String ofB = digests.of(models.get(named("b"))).orElseThrow();

    StatisticsCheckpoint found = opened(statistics("model_sha256", ofA), fisher("a", "b"));
    assertThat(found.remarks()).isEmpty();
    assertThat(found.faults())
        .containsExactly(
            "it was made of other weights than s3://b/b: their SHA-256 was %s, and is %s. Compute"
                    .formatted(ofA, ofB)
                + " it again");
  }

  @Test
  void ofWhatIsNotStoredNobodyCanTell() throws IOException {
    Model a = model("a");
    models.put(named("a+s3://b/x"), a);
    StatisticsCheckpoint found =
        opened(statistics("model_sha256", OTHER), fisher("a+s3://b/x", "stage"));
    assertThat(found.faults()).isEmpty();
    assertThat(found.remarks())
        .containsExactly(
            "nobody can tell whether s3://b/a+s3://b/x has the weights that it was made of",
            "nobody can tell whether s3://b/stage has the weights that it was made of");
  }

  @Test
  void whatIsTooLargeIsNotComparedAndThatIsTold() throws IOException {
    Model a = model("a");
    StoredObject large = new StoredObject(at("a/large"), ModelDigests.MOST_BYTES + 1, "v1");
    models.put(
        named("a"),
        new Model(
            a.folder(), a.tensors(), a.config(), "", List.of(large), Map.of(), a.surroundings()));
    StatisticsCheckpoint found = opened(statistics("model_sha256", OTHER), fisher("a"));
    assertThat(found.faults()).isEmpty();
    assertThat(found.remarks())
        .containsExactly(
            "s3://b/a is too large to be compared with the weights that it was made of"
                + " (model_sha256)");
  }

  @Test
  void whatSaysOfNoWeightsIsForTheUserToKnow() throws IOException {
    String[] names = {"a", "b", "c", "d", "e", "f", "g"};
    StatisticsCheckpoint found = opened(statistics(), fisher(names));
    assertThat(found.remarks())
        .containsExactly(
            "it does not say of which weights it is (model_sha256): that they are those of"
                + " s3://b/a, s3://b/b, s3://b/c, s3://b/d, s3://b/e and 2 more is for you to"
                + " know");
  }

  @Test
  void statisticsThatNoModelIsSaidToHaveAreComparedWithNone() throws IOException {
    model("a");
    StatisticsCheckpoint found =
        opened(
            statistics("model_sha256", OTHER),
            "merge_method: uniform_soup\nmodels: [{model: s3://b/a}]\n");
    assertThat(found.faults()).isEmpty();
    assertThat(found.remarks()).isEmpty();
  }

  @Test
  void countsAreReadAndWrongOnesAreFaultsBesideTheNumbers() throws IOException {
    MemoryModel.in(store, "s3://b/stats")
        .floats("m.gram_diag", 1, Double.NaN)
        .tensor("m.count", DType.I64, Shape.of(1), 12)
        .tensor("n.count", DType.I64, Shape.of(1), 0)
        .write();
    StatisticsCheckpoint found =
        OpenedStatistics.alone(
                store,
                "mine",
                OpenedModel.statistics(store, at("stats")),
                /* looksAtNumbers= */ true)
            .checkpoint();
    assertThat(found.counts()).containsOnly(Map.entry("m", 12.0));
    assertThat(found.faults())
        .containsExactly(
            "n.count is 0.0, must be one number above 0. Compute it again",
            "element 1 of m.gram_diag is NaN. Compute it again");
  }
}
