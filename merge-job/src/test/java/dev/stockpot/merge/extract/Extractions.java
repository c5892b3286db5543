package dev.stockpot.merge.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.kernels.observe.Observer.Viewpoint;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.Companion;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.MergePlanner;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.plan.PlanSettings;
import dev.stockpot.merge.plan.PlannedTensor;
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

/** Adapters instead of merges of models that exist as headers alone. */
final class Extractions {
  static final PlanSettings SETTINGS =
      new PlanSettings(
          5_000_000_000L, 64 << 20, 512 << 20, MissingTensors.COPY, SafetensorsLayout.CHECKPOINT);

  static final long SEED = 3;

  private Extractions() {}

  /** The adapter that {@code base} needs to become {@code tuned}; keys of {@code output}. */
  static AdapterPlan of(String output, ModelHeaders base, ModelHeaders tuned) {
    return of(
        "merge_method: passthrough\nmodels: [{model: tuned}]", output, base.open(), tuned.open());
  }

  /** The adapter of a merge, without {@code base_model} and {@code output}. */
  static AdapterPlan of(String merge, String output, Model base, Model... models) {
    String keys = output.isEmpty() ? "" : ", " + output;
    Recipe recipe =
        new RecipeParser(MergeMethods.all())
            .parse(
                "recipe.yml",
                merge + "\nbase_model: base\noutput: {kind: adapter%s}\n".formatted(keys));
    Map<ModelReference, Model> opened = new LinkedHashMap<>();
    opened.put(new ModelReference("base", 0), base);
    for (Model model : models) {
      opened.put(new ModelReference(model.folder().path(), 0), model);
    }
    MergePlan plan =
        MergePlanner.plan(
            recipe,
            opened,
            Map.of(),
            new Problems("recipe.yml"),
            SETTINGS,
            Optional.empty(),
            Rounding.Mode.NEAREST,
            0);
    return AdapterPlan.of(plan, base, "org/base", recipe.adapter().orElseThrow(), SEED);
  }

  /** What is said instead. */
  static String refusal(ThrowingCallable call) {
    return catchThrowableOfType(UserException.class, call).getMessage();
  }

  static void assertRefused(ThrowingCallable call, String... lines) {
    assertThatThrownBy(call).isInstanceOf(UserException.class).hasMessage(String.join("\n", lines));
  }

  /** This, knowing that these tensors differ and no others do. */
  static AdapterPlan knowing(AdapterPlan plan, String... different) {
    Map<String, Figures> figures = new LinkedHashMap<>();
    plan.changes().forEach(change -> figures.put(change.tensor(), norm(0)));
    figures.replaceAll((tensor, none) -> List.of(different).contains(tensor) ? norm(2) : none);
    return plan.knowing(figures, List.of());
  }

  /** A change of such a length. */
  static Figures norm(double norm) {
    return new Figures(
        new Viewpoint(2, 0, false),
        1,
        1,
        new double[] {norm * norm, 0, 0, 0},
        List.of(),
        new long[0],
        new long[0]);
  }

  /** Names of the adapter's tensors, without what all have in front. */
  static List<String> names(MergePlan plan) {
    return PlannedTensor.of(plan).stream()
        .map(tensor -> tensor.output().name().replaceFirst("^base_model\\.model\\.", ""))
        .toList();
  }

  static PlannedTensor tensor(MergePlan plan, String name) {
    return PlannedTensor.of(plan).stream()
        .filter(tensor -> tensor.output().name().equals("base_model.model." + name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("%s is not in %s".formatted(name, names(plan))));
  }

  /** What adapter_config.json says. */
  static JsonObject config(MergePlan plan) {
    return plan.output().companions().stream()
        .filter(file -> file.name().equals("adapter_config.json"))
        .map(file -> UTF_8.decode(((Companion.Made) file).bytes().duplicate()).toString())
        .map(Extractions::parsed)
        .findFirst()
        .orElseThrow();
  }

  private static JsonObject parsed(String text) {
    try {
      return Json.parsePythons(text).object().orElseThrow();
    } catch (JsonException e) {
      throw new AssertionError(text, e);
    }
  }

  static List<String> texts(JsonObject config, String key) {
    return config.list(key).stream().map(JsonValue::text).flatMap(Optional::stream).toList();
  }
}
