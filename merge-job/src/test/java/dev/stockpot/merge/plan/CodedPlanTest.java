package dev.stockpot.merge.plan;

import static dev.stockpot.merge.plan.Planning.inputs;
import static dev.stockpot.merge.plan.Planning.linear;
import static dev.stockpot.merge.plan.Planning.names;
import static dev.stockpot.merge.plan.Planning.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of codes and their scales: nothing is averaged, and what belongs together stays. */
class CodedPlanTest {
  private static final String GPTQ = "{\"quantization_config\": {\"quant_method\": \"gptq\"}}";
  private static final String FP8 = "{\"quantization_config\": {\"quant_method\": \"fp8\"}}";
  private static final String ADVICE =
      "; or let each of these modules come from one model alone, by passthrough, or by filters with"
          + " weights of 0 and 1";
  private static final String MIXED =
      " would have codes of one model beside scales of another (a, b); write filters that match"
          + " modules, not single tensors";

  private static ModelHeaders gptq(String name) {
    ModelHeaders model = ModelHeaders.named(name).config(GPTQ).tensor("norm", 6);
    for (String module : new String[] {"attn.q_proj", "mlp.up_proj"}) {
      model
          .tensor(module + ".qweight", DType.I32, 2, 16)
          .tensor(module + ".qzeros", DType.I32, 1, 2)
          .tensor(module + ".scales", DType.F16, 1, 16);
    }
    return model;
  }

  private static ModelHeaders fp8(String name) {
    return ModelHeaders.named(name)
        .config(FP8)
        .tensor("norm", 6)
        .tensor("attn.weight", DType.F8_E4M3, 8, 8)
        .tensor("attn.weight_scale_inv", DType.F32, 1, 1)
        .tensor("mlp.experts.0.up.weight", DType.F8_E4M3, 8, 8)
        .tensor("mlp.experts.0.up.weight_scale_inv", DType.F32, 1, 1);
  }

  private static String filtered(String method, String ofA, String ofB) {
    return """
        %s
        models:
          - model: a
            parameters: {weight: %s}
          - model: b
            parameters: {weight: %s}
        """
        .formatted(method, ofA, ofB);
  }

  private static String message(String model, String line) {
    return "recipe.yml:%s: %s is quantised (GPTQ): the weights of 2 modules are codes, for example"
            .formatted(line, model)
        + " attn.q_proj (qweight, qzeros, scales), and codes cannot be merged. De-quantise the model"
        + " first, for example with `dequantize_model` of GPTQModel"
        + ADVICE;
  }

  @Test
  void refusesToAverageCodes() {
    Planning.of(linear("a", "b"), gptq("a"), gptq("b"))
        .assertProblems(message("a", "4"), message("b", "5"));
  }

  @Test
  void namesTheOneModelThatIsQuantised() {
    ModelHeaders plain =
        ModelHeaders.named("a")
            .tensor("norm", 6)
            .tensor("attn.q_proj.weight", 16, 16)
            .tensor("mlp.up_proj.weight", 16, 16);
    Planning.of(linear("a", "b"), plain, gptq("b")).assertProblems(message("b", "5"));
  }

  @Test
  void doesSoThoughMissingTensorsMayBeCopied() {
    ModelHeaders plain = ModelHeaders.named("a").tensor("norm", 6).tensor("mlp.up_proj.weight", 2);
    Planning.of(linear("a", "b"), plain, gptq("b"))
        .copyingMissing()
        .assertProblems(message("b", "5"));
  }

  @Test
  void passesCodesThroughWhateverTypeIsAskedForTheRest() {
    MergePlan plan =
        Planning.of("merge_method: passthrough\nmodels: [{model: a}]\n", gptq("a"))
            .dtype(DType.F32)
            .plan();
    assertThat(tensor(plan, "mlp.up_proj.scales").work()).isInstanceOf(Copy.class);
    assertThat(tensor(plan, "norm").output().dtype()).isEqualTo(DType.F32);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "merge_method: linear",
        "merge_method: linear\nparameters: {normalize: false}",
      })
  void takesEachModuleFromTheModelThatAloneCounts(String method) {
    String recipe =
        filtered(
            method,
            "[{filter: experts, value: 0}, {value: 1}]",
            "[{filter: experts, value: 1}, {value: 0}]");
    MergePlan plan = Planning.of(recipe, fp8("a"), fp8("b")).plan();
    assertThat(inputs(plan, "attn.weight")).containsExactly("a/attn.weight");
    assertThat(inputs(plan, "attn.weight_scale_inv")).containsExactly("a/attn.weight_scale_inv");
    for (String name : new String[] {"weight", "weight_scale_inv"}) {
      String expert = "mlp.experts.0.up." + name;
      assertThat(inputs(plan, expert)).containsExactly("b/" + expert);
      assertThat(tensor(plan, expert).work()).isInstanceOf(Copy.class);
    }
    assertThat(plan.notices())
        .containsExactly(
            "2 modules of codes copied with all that belongs to them, each from the model that alone"
                + " counts: attn, mlp.experts.0.up");
  }

  @Test
  void addsAWholeTaskVectorToCodesByTakingTheModel() {
    String recipe =
        "base_model: a\n"
            + filtered(
                "merge_method: task_arithmetic", "0", "[{filter: experts, value: 1}, {value: 0}]");
    MergePlan plan = Planning.of(recipe, fp8("a"), fp8("b")).plan();
    assertThat(inputs(plan, "attn.weight")).containsExactly("a/attn.weight");
    assertThat(inputs(plan, "mlp.experts.0.up.weight"))
        .containsExactly("b/mlp.experts.0.up.weight");
  }

  @Test
  void refusesCodesOfOneModelBesideScalesOfAnother() {
    String recipe =
        filtered(
            "merge_method: linear",
            "[{filter: scale_inv, value: 0}, {value: 1}]",
            "[{filter: scale_inv, value: 1}, {value: 0}]");
    Planning.of(recipe, fp8("a"), fp8("b"))
        .assertProblems("recipe.yml:3: attn" + MIXED, "recipe.yml:3: mlp.experts.0.up" + MIXED);
  }

  @Test
  void leavesOutWhatBelongsToCodesThatAreNotTaken() {
    String recipe = filtered("merge_method: linear", "1", "0");
    MergePlan plan =
        Planning.of(recipe, fp8("a"), fp8("b").tensor("attn.input_scale", DType.F32, 1)).plan();
    assertThat(names(plan)).doesNotContain("attn.input_scale");
  }

  @Test
  void refusesCodesUnderAConfigurationThatDoesNotKnowThem() {
    ModelHeaders plain =
        ModelHeaders.named("a")
            .tensor("norm", 6)
            .tensor("attn.weight", 8, 8)
            .tensor("mlp.experts.0.up.weight", 8, 8);
    Planning.of(filtered("merge_method: linear", "0", "1"), plain, fp8("b"))
        .assertProblems(
            "recipe.yml:5: attn of b is quantised there, and the result has the configuration of a,"
                + " which says otherwise. Take models that are quantised alike, or de-quantise them");
  }

  @Test
  void keepsSmallBuffersAsTheyAre() {
    ModelHeaders a = gptq("a").tensor("embeddings.position_ids", DType.I64, 1, 512);
    ModelHeaders b = gptq("b").tensor("embeddings.position_ids", DType.I64, 1, 512);
    MergePlan plan = Planning.of(filtered("merge_method: linear", "1", "0"), a, b).plan();
    assertThat(inputs(plan, "embeddings.position_ids"))
        .containsExactly("a/embeddings.position_ids");
  }
}
