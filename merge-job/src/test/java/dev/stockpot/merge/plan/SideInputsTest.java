package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.methods.GroupLength;
import dev.stockpot.merge.methods.UnitLength;
import dev.stockpot.merge.methods.WeightedSum;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Plans of methods that read and make checkpoints beside models, and of their other kinds. */
class SideInputsTest {
  private static final List<MergeMethod> METHODS =
      List.of(new WeightedSum(), new UnitLength(), new GroupLength());
  private static final String RECIPE =
      """
      merge_method: weighted_elements
      models:
        - model: a
          statistics: {element_weight: stats/a}
        - model: b
          statistics: {element_weight: stats/b}
      """;

  private static ModelHeaders headers(String name, DType type) {
    return ModelHeaders.named(name).tensor("x", type, 4, 4).tensor("y", type, 8);
  }

  private static Map<ModelReference, Model> opened(ModelHeaders... all) {
    Map<ModelReference, Model> opened = new LinkedHashMap<>();
    for (ModelHeaders headers : all) {
      Model model = headers.open();
      opened.put(new ModelReference(model.folder().path(), 0), model);
    }
    return opened;
  }

  private static Map<ModelReference, StatisticsCheckpoint> statistics(ModelHeaders... all) {
    Map<ModelReference, StatisticsCheckpoint> statistics = new LinkedHashMap<>();
    opened(all).forEach((place, model) -> statistics.put(place, StatisticsCheckpoint.of(model)));
    return statistics;
  }

  private static MergePlan plan(String recipe, PlanSettings settings, ModelHeaders... statistics) {
    return MergePlanner.plan(
        new RecipeParser(METHODS).parse("recipe.yml", recipe),
        opened(headers("a", DType.BF16), headers("b", DType.BF16)),
        statistics(statistics),
        new Problems("recipe.yml"),
        settings,
        Optional.empty(),
        Rounding.Mode.NEAREST,
        0);
  }

  private static void assertProblems(String recipe, List<ModelHeaders> statistics, String... all) {
    assertThatThrownBy(
            () -> plan(recipe, Planning.DEFAULTS, statistics.toArray(ModelHeaders[]::new)))
        .returns(FailureKind.RECIPE, thrown -> ((UserException) thrown).kind())
        .hasMessage(String.join("\n", all));
  }

  @Test
  void readsStatisticsBehindModelsAndMakesAFileBeside() {
    MergePlan plan =
        plan(
            RECIPE,
            Planning.DEFAULTS,
            headers("stats/a", DType.F32),
            headers("stats/b", DType.F32));

    assertThat(Planning.inputs(plan, "x")).containsExactly("a/x", "b/x", "stats/a/x", "stats/b/x");
    assertThat(plan.bytesRead()).isEqualTo(2 * 24 * 2 + 2 * 24 * 4);
    assertThat(plan.files())
        .extracting(OutputShard::file)
        .containsExactly("model.safetensors", "state/total/model.safetensors");
    OutputShard beside = plan.files().get(1);
    assertThat(beside.tensors()).extracting(placed -> placed.bytes().length()).contains(64L, 32L);
    assertThat(plan.bytesWritten()).isEqualTo(plan.shards().get(0).size() + beside.size());
    assertThat(plan.parts().get(0).memory()).isEqualTo(2 * 4096);
  }

  @Test
  void aPartThatFillsTwoFilesIsMadeAgainIfOneOfThemIsLost() {
    PlanSettings small =
        new PlanSettings(
            40,
            1,
            1 << 20,
            Planning.DEFAULTS.missing(),
            Planning.DEFAULTS.lostKeys(),
            Planning.DEFAULTS.layout());
    MergePlan plan =
        plan(RECIPE, small, headers("stats/a", DType.F32), headers("stats/b", DType.F32));

    assertThat(plan.files())
        .extracting(OutputShard::file)
        .contains("state/total/model-00002-of-00002.safetensors");
    assertThat(plan.whole(Set.of(0, 1, 2))).containsExactly(0, 2);
    assertThat(plan.without(Set.of(0, 2)).parts()).allMatch(part -> part.shard() == 1);
  }

  @Test
  void tellsAllThatIsAmissWithStatisticsTogether() {
    assertProblems(
        RECIPE,
        List.of(
            ModelHeaders.named("stats/a").tensor("x", DType.F32, 4), headers("stats/b", DType.F16)),
        "recipe.yml:4: stats/a (`element_weight`) has 1 tensor of another shape than the models:"
            + " x is [4], but [4, 4] in the models. Compute it of the same model",
        "recipe.yml:4: stats/a (`element_weight`) lacks 1 tensor of the models: y."
            + " Compute it of the same model",
        "recipe.yml:6: stats/b (`element_weight`) has 2 tensors of a wrong type:"
            + " x is F16, but element_weight must be one of [F32],"
            + " y is F16, but element_weight must be one of [F32]. Convert it");
  }

  @Test
  void tellsOfKindsThatAMethodDoesNotReadAndThatItNeeds() {
    assertProblems(
        """
        merge_method: weighted_elements
        models:
          - model: a
            statistics: {element_weigth: stats/a}
          - model: b
            statistics: {prior: stats/b}
        """,
        List.of(),
        "recipe.yml:3: weighted_elements needs `element_weight` (a weight of each element) of a;"
            + " add a line `statistics: {element_weight: PATH}` to the model",
        "recipe.yml:4: weighted_elements reads no `element_weigth` of a model;"
            + " did you mean `element_weight`?",
        "recipe.yml:5: weighted_elements needs `element_weight` (a weight of each element) of b;"
            + " add a line `statistics: {element_weight: PATH}` to the model",
        "recipe.yml:6: weighted_elements reads no `prior` of a model; give it beside `models`");
  }

  @Test
  void aStatisticOfTheWholeMergeStandsBesideTheModels() {
    MergePlan plan =
        plan(
            RECIPE + "statistics: {prior: stats/p}\n",
            Planning.DEFAULTS,
            headers("stats/a", DType.F32),
            headers("stats/b", DType.F32),
            headers("stats/p", DType.F32));

    assertThat(Planning.inputs(plan, "y")).endsWith("stats/p/y");
    assertThat(plan.sides().inputs())
        .extracting(Statistics::kind)
        .containsExactly("element_weight", "element_weight", "prior");
  }

  @Test
  void aWholeTensorThatDoesNotFitNamesTheSetting() {
    PlanSettings tight =
        new PlanSettings(
            1 << 20,
            1 << 20,
            8192,
            Planning.DEFAULTS.missing(),
            Planning.DEFAULTS.lostKeys(),
            Planning.DEFAULTS.layout());
    assertThatThrownBy(() -> plan("merge_method: unit_length\nmodels: [{model: a}]\n", tight))
        .hasMessageContaining(
            "whole tensors and the matrices made of them take 20480 bytes, more than a task's 8192")
        .hasMessageContaining("raise task-memory");
  }

  @Test
  void tensorsOfAGroupMustBeOfTheSameModels() {
    String recipe =
        """
        merge_method: group_length
        models: [{model: a}, {model: b}]
        """;
    assertThat(plan(recipe, Planning.DEFAULTS).scans()).hasSize(2);
  }
}
