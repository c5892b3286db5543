package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.ElementPlace;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.LostKeys;
import dev.stockpot.merge.recipe.MissingTensors;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.Recipe;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A recipe and models that exist only as records, for tests of plans. */
record Planning(
    String recipe,
    List<ModelHeaders> models,
    PlanSettings settings,
    Optional<DType> dtype,
    Rounding.Mode rounding) {
  static final long MIB = 1 << 20;
  static final PlanSettings DEFAULTS =
      new PlanSettings(
          5_000_000_000L, 64 * MIB, 512 * MIB, MissingTensors.FAIL, SafetensorsLayout.CHECKPOINT);
  private static final PlanSettings COPY_MISSING =
      new PlanSettings(
          5_000_000_000L, 64 * MIB, 512 * MIB, MissingTensors.COPY, SafetensorsLayout.CHECKPOINT);

  static Planning of(String recipe, ModelHeaders... models) {
    return new Planning(recipe, List.of(models), DEFAULTS, Optional.empty(), Rounding.Mode.NEAREST);
  }

  /** A recipe that averages models with equal weights. */
  static String linear(String... models) {
    StringBuilder recipe =
        new StringBuilder("merge_method: linear\nparameters: {weight: 1}\nmodels:\n");
    for (String model : models) {
      recipe.append("  - model: ").append(model).append('\n');
    }
    return recipe.toString();
  }

  Planning with(PlanSettings other) {
    return new Planning(recipe, models, other, dtype, rounding);
  }

  Planning copyingMissing() {
    return with(COPY_MISSING);
  }

  Planning keepingLostKeys() {
    return with(
        new PlanSettings(
            settings.shardBytes(),
            settings.partBytes(),
            settings.taskBytes(),
            settings.missing(),
            LostKeys.KEEP,
            settings.layout()));
  }

  Planning dtype(DType type) {
    return new Planning(recipe, models, settings, Optional.of(type), rounding);
  }

  Planning rounding(Rounding.Mode mode) {
    return new Planning(recipe, models, settings, dtype, mode);
  }

  MergePlan plan() {
    Recipe parsed = new RecipeParser(MergeMethods.all()).parse("recipe.yml", recipe);
    Map<ModelReference, Model> opened = new LinkedHashMap<>();
    for (ModelHeaders model : models) {
      Model open = model.open();
      opened.put(new ModelReference(open.folder().path(), 0), open);
    }
    return MergePlanner.plan(
        parsed, opened, Map.of(), new Problems(parsed.source()), settings, dtype, rounding, 0);
  }

  /** Every problem, and no other, in order. */
  void assertProblems(String... expected) {
    ThrowingCallable planning = this::plan;
    assertThatThrownBy(planning)
        .returns(FailureKind.RECIPE, thrown -> ((UserException) thrown).kind())
        .hasMessage(String.join("\n", expected));
  }

  /** The names of a plan's tensors, as they lie in its shards. */
  static List<String> names(MergePlan plan) {
    return plan.shards().stream()
        .flatMap(shard -> shard.tensors().stream())
        .map(placed -> placed.tensor().output().name())
        .toList();
  }

  static PlannedTensor tensor(MergePlan plan, String name) {
    return plan.shards().stream()
        .flatMap(shard -> shard.tensors().stream())
        .map(OutputShard.Placed::tensor)
        .filter(tensor -> tensor.output().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("%s is not in %s".formatted(name, names(plan))));
  }

  /** What a tensor is made of, as {@code model/tensor}. */
  static List<String> inputs(MergePlan plan, String name) {
    return tensor(plan, name).work().inputs().stream()
        .map(input -> input.source().place(0))
        .map(Planning::inFolder)
        .toList();
  }

  private static String inFolder(ElementPlace place) {
    return place.origin().replaceAll("/[^/]*$", "/") + place.tensor();
  }

  /** A parameter of one model, resolved for one tensor. */
  static double modelValue(MergePlan plan, String tensor, String model, String parameter) {
    ParameterValues values =
        tensor(plan, tensor).models().stream()
            .filter(entry -> entry.getKey().equals(model))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseThrow();
    return (Double) values.values().get(parameter);
  }

  /** A parameter of the merge, resolved for one tensor. */
  static double mergeValue(MergePlan plan, String tensor, String parameter) {
    return (Double) tensor(plan, tensor).merge().values().get(parameter);
  }
}
