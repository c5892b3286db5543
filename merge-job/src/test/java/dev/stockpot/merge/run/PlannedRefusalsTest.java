package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.UnknownKeys;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plans that are refused for what a recipe makes of its models, and how that is said. */
class PlannedRefusalsTest {
  private static final String ADAPTER =
      """
      merge_method: task_arithmetic
      base_model: s3://b/base
      models: [{model: s3://b/a, parameters: {weight: 1}}]
      output: {kind: adapter, rank: 1}
      """;

  private final MemoryStore store = new MemoryStore();
  private final Settings settings = PlacesOfTests.settings(Map.of());

  @BeforeEach
  void writeModels() {
    for (String name : List.of("base", "a", "c")) {
      MemoryModel.in(store, "s3://b/" + name)
          .file("config.json", "{\"num_hidden_layers\": 1}")
          .tensor("model.layers.0.w.weight", DType.F32, Shape.of(2, 2), 1, 2, 3, name.length())
          .write();
    }
  }

  private List<Planned> planned(String recipe, int times) throws IOException {
    Recipe read = MergeRecipe.yaml(recipe).read(store, UnknownKeys.ERROR).ofOneMerge();
    return Planned.open(
        Collections.nCopies(times, read),
        PlacesOfTests.in(store),
        settings,
        Optional.empty(),
        Collections.nCopies(times, StageFolder.beside(new Location("s3://b/out"), false)),
        Matching.NOT_YET);
  }

  private void refused(String recipe, int times, FailureKind kind, String... lines) {
    assertThatThrownBy(() -> planned(recipe, times))
        .isInstanceOf(UserException.class)
        .returns(kind, failure -> ((UserException) failure).kind())
        .hasMessage(String.join("\n", lines));
  }

  @Test
  void oneAdapterIsPlanned() throws IOException {
    Planned planned = planned(ADAPTER, 1).get(0);
    assertThat(planned.adapter()).isPresent();
    assertThat(planned.plan().output().isCheckpoint()).isFalse();
    assertThat(planned.models()).hasSize(2);
    assertThat(planned.donor().folder()).isEqualTo(new Location("s3://b/base"));
  }

  @Test
  void adaptersAreMadeOneAtATime() {
    refused(
        ADAPTER,
        2,
        FailureKind.OTHER,
        "recipe makes an adapter, which is done for one recipe at a time. Merge it by itself");
  }

  @Test
  void aStageIsNoAdapter() {
    refused(
        "name: first\n%s---\nmerge_method: uniform_soup\nmodels: [{model: first}, {model: s3://b/c}]\n"
            .formatted(ADAPTER),
        1,
        FailureKind.OTHER,
        "recipe:5: a stage cannot be an adapter: only the last document has an `output`");
  }

  @Test
  void theBaseOfAnAdapterIsAModelAsItIsStored() {
    String stage =
        """
        name: first
        merge_method: uniform_soup
        models: [{model: s3://b/base}, {model: s3://b/c}]
        ---
        """;
    refused(
        stage + ADAPTER.replace("base_model: s3://b/base", "base_model: first"),
        1,
        FailureKind.OTHER,
        "recipe:6: the base of an adapter is first, but must be a model as it is stored, onto which"
            + " it can be loaded: merge that first, and name its folder");
  }

  @Test
  void modelsAndStatisticsThatCannotBeOpenedAreNamedTogetherWithTheirLines() {
    refused(
        """
        merge_method: fisher
        models:
        - {model: s3://b/a, statistics: {fisher_diag: s3://b/nowhere}}
        - {model: s3://b/gone, statistics: {fisher_diag: s3://b/c}}
        """,
        1,
        FailureKind.MODEL,
        "recipe:4: Checkpoint s3://b/gone cannot be used:",
        "- there is no such folder. Look for a typing error, or fetch the model first",
        "recipe:3: Checkpoint s3://b/nowhere cannot be used:",
        "- there is no such folder. Look for a typing error, or fetch the model first");
  }
}
