package dev.stockpot.merge.extract;

import static dev.stockpot.merge.extract.Extractions.SETTINGS;
import static dev.stockpot.merge.extract.Extractions.assertRefused;
import static dev.stockpot.merge.extract.Extractions.config;
import static dev.stockpot.merge.extract.Extractions.knowing;
import static dev.stockpot.merge.extract.Extractions.names;
import static dev.stockpot.merge.extract.Extractions.norm;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.observe.Figures;
import dev.stockpot.merge.plan.Factors;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.plan.PlanSettings;
import dev.stockpot.merge.recipe.MissingTensors;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an adapter holds before, while and after it is known what differs. */
class AdapterPlanTest {
  private static final String Q = "model.layers.0.q_proj";
  private static final String UP = "model.layers.0.up_proj";
  private static final String NORM = "model.norm";

  private static ModelHeaders model(String name) {
    return ModelHeaders.named(name)
        .config("{\"architectures\": [\"LlamaForCausalLM\"], \"model_type\": \"llama\"}")
        .tensor(Q + ".weight", 8, 6)
        .tensor(UP + ".weight", 4, 6)
        .tensor(NORM + ".weight", 6)
        .tensor("model.ids", DType.I64, 2);
  }

  private static AdapterPlan plan(String output) {
    return Extractions.of(output, model("base"), model("tuned"));
  }

  private static Map<String, Figures> figures(double q, double up, double norm) {
    Map<String, Figures> figures = new LinkedHashMap<>();
    figures.put(Q + ".weight", norm(q));
    figures.put(UP + ".weight", norm(up));
    figures.put(NORM + ".weight", norm(norm));
    return figures;
  }

  @Test
  void beforeAnythingIsReadAllMayDiffer() {
    MergePlan plan = plan("").plan(SETTINGS);
    assertThat(names(plan))
        .containsExactly(
            Q + ".lora_A.weight",
            Q + ".lora_B.weight",
            UP + ".lora_A.weight",
            UP + ".lora_B.weight",
            NORM + ".weight");
    assertThat(plan.notices())
        .last()
        .isEqualTo(
            "what differs from the base is found first, by reading both once: what is here is the"
                + " most that can come of it");
  }

  @Test
  void allThatIsNumbersIsLookedAt() {
    assertThat(plan("").differences(SETTINGS).tensors())
        .extracting(tensor -> tensor.name())
        .containsExactlyInAnyOrder(Q + ".weight", UP + ".weight", NORM + ".weight");
  }

  @Test
  void whatDoesNotDifferIsToldAndNotThere() {
    MergePlan plan = knowing(plan("rank: 3"), Q + ".weight").plan(SETTINGS);
    assertThat(names(plan)).containsExactly(Q + ".lora_A.weight", Q + ".lora_B.weight");
    assertThat(plan.notices())
        .endsWith(
            "2 tensors as in the base, and not in the adapter: model.layers.0.up_proj.weight,"
                + " model.norm.weight",
            "1 tensor of no floating-point numbers, and so not compared: left as in the base:"
                + " model.ids");
    assertThat(config(plan).whole("r", 0)).isEqualTo(3);
    assertThat(config(plan).text("base_model_name_or_path")).isEqualTo("org/base");
    assertThat(plan.output().card().library()).isEqualTo("peft");
    assertThat(plan.shards()).hasSize(1);
    assertThat(plan.shards().get(0).file()).isEqualTo("adapter_model.safetensors");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 6, 99})
  void aRankIsAtMostThatOfTheMatrix(int rank) {
    MergePlan plan = plan("rank: " + rank).plan(SETTINGS);
    long ofQ = Math.min(rank, 6);
    assertThat(Extractions.tensor(plan, Q + ".lora_A.weight").output().shape())
        .isEqualTo(Shape.of(ofQ, 6));
    assertThat(Extractions.tensor(plan, Q + ".lora_B.weight").output().shape())
        .isEqualTo(Shape.of(8, ofQ));
    assertThat(Extractions.tensor(plan, UP + ".lora_B.weight").output().shape())
        .isEqualTo(Shape.of(4, Math.min(rank, 4)));
  }

  @Test
  void singularValuesAreLookedForWhereTheRuleAsksForThem() {
    assertThat(knowing(plan("rank: 2"), Q + ".weight").searches()).isEmpty();
    AdapterPlan known = knowing(plan("energy: 0.9, rank: 5"), Q + ".weight", NORM + ".weight");
    assertThat(known.searches()).extracting(Factors::module).containsExactly(Q);
    assertThat(known.searches()).extracting(Factors::rank).containsExactly(5);
  }

  @Test
  void ranksThatAreFoundAreThoseOfTheirModules() {
    AdapterPlan known = knowing(plan("error: 0.1"), Q + ".weight", UP + ".weight");
    MergePlan plan = known.ranked(List.of(2, 3)).plan(SETTINGS);
    assertThat(config(plan).whole("r", 0)).isEqualTo(3);
    assertThat(config(plan).object("rank_pattern").orElseThrow().fields()).containsOnlyKeys(Q);
    assertThat(Extractions.tensor(plan, UP + ".lora_A.weight").output().shape())
        .isEqualTo(Shape.of(3, 6));
  }

  @Test
  void ofWhatIsTooSmallNothingIsKept() {
    AdapterPlan known = knowing(plan("threshold: 4"), Q + ".weight", UP + ".weight");
    MergePlan plan = known.ranked(List.of(0, 1)).plan(SETTINGS);
    assertThat(names(plan)).containsExactly(UP + ".lora_A.weight", UP + ".lora_B.weight");
    assertThat(plan.notices())
        .contains(
            "1 tensor with too small a change for the rule that was given: left as in the base:"
                + " model.layers.0.q_proj.weight");
    assertRefused(
        () -> known.ranked(List.of(0, 0)),
        "There is no adapter to be made of org/base: only model.layers.0.q_proj.weight,"
            + " model.layers.0.up_proj.weight differ, and a LoRA needs the matrix of at least one"
            + " linear layer whose change is kept");
  }

  @Test
  void aModelThatIsItsBaseMakesNoAdapter() {
    String message =
        "There is no adapter to be made of org/base: %s, and a LoRA needs the matrix of at least"
            + " one linear layer whose change is kept";
    assertRefused(() -> knowing(plan("")), message.formatted("nothing differs"));
    assertRefused(
        () -> knowing(plan(""), NORM + ".weight"),
        message.formatted("only model.norm.weight differ"));
    assertRefused(
        () -> knowing(plan("exclude: [proj]"), Q + ".weight", NORM + ".weight"),
        message.formatted("only model.norm.weight, model.layers.0.q_proj.weight differ"));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void aChangeThatIsNoNumberIsRefused(double norm) {
    AdapterPlan plan = plan("");
    assertRefused(
        () -> plan.knowing(figures(1, norm, norm), List.of()),
        "The change of model.layers.0.up_proj.weight, model.norm.weight is no finite number; --set"
            + " check-finite=true says which element is not");
  }

  @Test
  void whatNobodyComparedIsRefusedWithTheReasons() {
    AdapterPlan plan = plan("");
    Map<String, Figures> some = figures(1, 1, 1);
    some.remove(UP + ".weight");
    assertRefused(
        () -> plan.knowing(some, List.of("it is too large", "and coded")),
        "model.layers.0.up_proj.weight cannot be compared with org/base: it is too large; and"
            + " coded");
  }

  @Test
  void matricesThatNoTaskHoldsAreRefusedWithWhatIsEnough() {
    ModelHeaders base = model("base").tensor("w.weight", 400, 300);
    ModelHeaders tuned = model("tuned").tensor("w.weight", 400, 300);
    AdapterPlan plan = Extractions.of("rank: 2", base, tuned);
    assertThat(names(plan.plan(tasksOf(16 << 20)))).contains("w.lora_A.weight");
    String message = Extractions.refusal(() -> plan.plan(tasksOf(2 << 20)));
    assertThat(message).startsWith("w: its change as a matrix takes ").contains("task's 2097152");
    String enough = message.replaceAll("(?s).*task-memory=(\\d+)MiB is enough", "$1");
    assertThat(names(plan.plan(tasksOf(Long.parseLong(enough) << 20)))).hasSize(7);
    assertThat(Extractions.refusal(() -> plan.plan(tasksOf((Long.parseLong(enough) - 1) << 20))))
        .contains(" is enough");
  }

  private static PlanSettings tasksOf(long bytes) {
    return new PlanSettings(
        5_000_000_000L, 64 << 20, bytes, MissingTensors.COPY, SafetensorsLayout.CHECKPOINT);
  }
}
