package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.methods.GroupLength;
import dev.stockpot.merge.methods.Noise;
import dev.stockpot.merge.methods.UnitLength;
import dev.stockpot.merge.methods.WeightedSum;
import dev.stockpot.merge.model.ElementPlace;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that earlier stages make, as later merges take them. */
class StageModelTest {
  private static final MergeMethod LINEAR = MergeMethods.named("linear").orElseThrow();
  private static final String CONFIG = "{\"model_type\": \"llama\", \"torch_dtype\": \"float32\"}";

  private static ModelHeaders model(String name) {
    return ModelHeaders.named(name)
        .config(CONFIG)
        .tensor("ids", DType.I64, 3)
        .tensor("x", DType.F32, 32, 32)
        .tensor("y", DType.F32, 7);
  }

  private static StageModel linear(Planning planning) {
    return new StageModel("average", LINEAR, planning.plan(), model("a").open());
  }

  private static StageModel linear() {
    return linear(Planning.of(Planning.linear("a", "b"), model("a"), model("b")));
  }

  private static StoredObject nothing(Companion companion) {
    throw new AssertionError("%s is no companion of a model without any".formatted(companion));
  }

  @Test
  void isMadeOnTheWayOfWhatItIsMergedFrom() {
    Model stage = linear().onTheWay(StageModelTest::nothing);
    TensorSource x = stage.tensors().get("x");

    assertThat(stage.folder().path()).isEqualTo("average");
    assertThat(stage.shards()).isEmpty();
    assertThat(stage.tensors().keySet()).containsExactly("ids", "x", "y");
    assertThat(x.shape()).isEqualTo(Shape.of(32, 32));
    assertThat(x.parts())
        .containsExactly(
            model("a").open().tensors().get("x"), model("b").open().tensors().get("x"));
    assertThat(x.place(5)).isEqualTo(new ElementPlace("what an earlier stage makes", "x", 5));
  }

  @Test
  void whatItCopiesIsTheStoredTensorItself() {
    assertThat(linear().onTheWay(StageModelTest::nothing).tensors().get("ids"))
        .isEqualTo(model("a").open().tensors().get("ids"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "parameters: {weight: [0.2, 0.4]}",
        "parameters: {weight: 1, normalize: false}",
        "dtype: float64\nparameters: {weight: 1}"
      })
  void otherValuesMakeOtherSources(String values) {
    String recipe = Planning.linear("a", "b").replace("parameters: {weight: 1}", values);
    StageModel other = linear(Planning.of(recipe, model("a"), model("b")));
    TensorSource x = linear().onTheWay(StageModelTest::nothing).tensors().get("x");

    assertThat(linear().onTheWay(StageModelTest::nothing).tensors().get("x").identity())
        .isEqualTo(x.identity());
    assertThat(other.onTheWay(StageModelTest::nothing).tensors().get("x").identity())
        .isNotEqualTo(x.identity());
  }

  @Test
  void liesInAFolderAsThePlanHasLaidItOut() {
    PlanSettings small = Works.settings(4096, 1, 1 << 20);
    StageModel stage =
        linear(Planning.of(Planning.linear("a", "b"), model("a"), model("b")).with(small));
    Model written = stage.written(new Location("/out"), StageModelTest::nothing);

    assertThat(written.shards())
        .extracting(shard -> shard.location().toString())
        .containsExactly(
            "/out/model-00001-of-00003.safetensors",
            "/out/model-00002-of-00003.safetensors",
            "/out/model-00003-of-00003.safetensors");
    stage.plan().shards().stream()
        .flatMap(shard -> shard.tensors().stream())
        .forEach(
            placed -> {
              Stored tensor = (Stored) written.tensors().get(placed.tensor().output().name());
              assertThat(tensor.range(ElementSpan.all(tensor.shape())).bytes())
                  .isEqualTo(placed.bytes());
            });
    assertThat(written.shards().get(1).size()).isEqualTo(stage.plan().shards().get(1).size());
  }

  @Test
  void hasTheConfigurationOfTheDonorWithTheEditsOfItsPlan() {
    Planning half =
        Planning.of(Planning.linear("a", "b"), model("a"), model("b")).dtype(DType.BF16);
    Model stage = linear(half).onTheWay(StageModelTest::nothing);

    assertThat(stage.configText())
        .isEqualTo("{\"model_type\": \"llama\", \"torch_dtype\": \"bfloat16\"}");
    assertThat(stage.config().values()).containsEntry("torch_dtype", "bfloat16");
    assertThat(stage.tensors().get("x").dtype()).isEqualTo(DType.BF16);
  }

  @Test
  void hasNoConfigurationWhereTheDonorHasNone() {
    ModelHeaders bare = ModelHeaders.named("a").tensor("x", 4);
    StageModel stage =
        new StageModel(
            "s",
            LINEAR,
            Planning.of(Planning.linear("a"), bare).dtype(DType.F32).plan(),
            bare.open());

    assertThat(stage.onTheWay(StageModelTest::nothing).configText()).isEmpty();
  }

  private static StageModel of(MergeMethod method) {
    String recipe = "merge_method: %s\nmodels: [{model: a}]\n".formatted(method.name());
    Map<ModelReference, Model> models = new LinkedHashMap<>();
    models.put(new ModelReference("a", 0), ModelHeaders.named("a").tensor("x", 8, 8).open());
    MergePlan plan =
        MergePlanner.plan(
            new RecipeParser(List.of(method)).parse("recipe.yml", recipe),
            models,
            Map.of(),
            new Problems("recipe.yml"),
            Planning.DEFAULTS,
            Optional.empty(),
            Rounding.Mode.NEAREST,
            0);
    return new StageModel("s", method, plan, models.values().iterator().next());
  }

  @Test
  void cannotBeMadeOnTheWayWhereSpansOfItHangOnMore() {
    assertThat(linear().obstacle()).isEmpty();
    assertThat(of(new UnitLength()).obstacle()).hasValue("it makes x of whole matrices");
    assertThat(of(new Noise()).obstacle()).hasValue("it makes x of no input");
    assertThat(of(new GroupLength()).obstacle())
        .hasValue("it looks at other tensors before it merges x");
    assertThat(
            new StageModel("s", new WeightedSum(), linear().plan(), model("a").open()).obstacle())
        .hasValue("weighted_elements makes a checkpoint beside the model");
  }

  @Test
  void isNoSourceThen() {
    StageModel whole = of(new UnitLength());
    StageModel made = of(new Noise());

    assertThatThrownBy(() -> whole.onTheWay(StageModelTest::nothing))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("x is made of whole matrices");
    assertThatThrownBy(() -> made.onTheWay(StageModelTest::nothing))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("x is made of nothing");
  }

  private static final String TIES =
      """
      merge_method: ties
      base_model: a
      parameters: {weight: 1, density: 0.5}
      models: [{model: b}]
      """;

  @Test
  void isWholeWhereItLooksAtTensorsFirst() {
    MergePlan ties = Planning.of(TIES, model("a"), model("b")).plan();
    MergeMethod method = MergeMethods.named("ties").orElseThrow();

    assertThat(linear().isWhole()).isFalse();
    assertThat(new StageModel("s", method, ties, model("a").open()).isWhole()).isTrue();
  }

  @Test
  void aLaterMergeSaysWhatATaskHasNoRoomFor() {
    MergePlan ties = Planning.of(TIES, model("a"), model("b")).plan();
    MergeMethod method = MergeMethods.named("ties").orElseThrow();
    Model stage =
        new StageModel("s", method, ties, model("a").open()).onTheWay(StageModelTest::nothing);
    MergePlan later =
        PlannedTensor.plan(
            List.of(PlannedTensor.of(Works.sum(DType.F32, stage.tensors().get("x")))),
            Planning.DEFAULTS,
            ties.output(),
            List.of());
    long pages = 2 + 1 + 1; // of both models, of the stage and of what is made of it

    assertThat(StageMisfit.why(later, pages * Works.PAGE)).isEmpty();
    assertThat(StageMisfit.why(later, pages * Works.PAGE - 1))
        .hasValue(
            "x takes 16384 bytes at once, more than a task's 16383; raise task-memory to make it on"
                + " the way");
  }
}
