package dev.stockpot.merge.extract;

import static dev.stockpot.merge.extract.Extractions.SETTINGS;
import static dev.stockpot.merge.extract.Extractions.assertRefused;
import static dev.stockpot.merge.extract.Extractions.config;
import static dev.stockpot.merge.extract.Extractions.knowing;
import static dev.stockpot.merge.extract.Extractions.names;
import static dev.stockpot.merge.extract.Extractions.tensor;
import static dev.stockpot.merge.extract.Extractions.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.plan.Factors;
import dev.stockpot.merge.plan.MergePlan;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In which form a tensor that changed lies in an adapter, so that PEFT puts it back. */
class AdapterPartsTest {
  private static final String Q = "model.layers.0.q_proj";
  private static final String EMBEDDING = "model.embed_tokens";
  private static final String LLAMA =
      "{\"architectures\": [\"LlamaForCausalLM\"], \"model_type\": \"llama\"%s}";

  private static ModelHeaders model(String name) {
    return ModelHeaders.named(name)
        .config(LLAMA.formatted(""))
        .tensor(EMBEDDING + ".weight", 9, 6)
        .tensor(Q + ".weight", 8, 6)
        .tensor(Q + ".bias", 8)
        .tensor("model.layers.0.ln.weight", 6)
        .tensor("model.layers.0.ln.bias", 6)
        .tensor("model.layers.0.k_proj.weight", 4, 6)
        .tensor("model.layers.0.k_proj.bias", 4)
        .tensor("lm_head.weight", 9, 6);
  }

  private static MergePlan plan(String output, String... different) {
    return knowing(Extractions.of(output, model("base"), model("tuned")), different).plan(SETTINGS);
  }

  private static String origin(MergePlan plan, String name) {
    return tensor(plan, name).work().inputs().get(0).source().place(0).origin();
  }

  @Test
  void aBiasBesideAPairIsThatOfItsBaseLayer() {
    MergePlan plan = plan("", Q + ".weight", Q + ".bias");
    assertThat(names(plan))
        .containsExactlyInAnyOrder(
            Q + ".base_layer.bias", Q + ".lora_A.weight", Q + ".lora_B.weight");
    assertThat(config(plan).text("bias")).isEqualTo("lora_only");
    assertThat(config(plan).get("modules_to_save")).contains(JsonValue.nothing());
    assertThat(origin(plan, Q + ".base_layer.bias")).startsWith("tuned/");
  }

  @Test
  void aBiasThatChangedAloneComesWithItsWholeModule() {
    String k = "model.layers.0.k_proj";
    MergePlan plan = plan("", Q + ".weight", k + ".bias");
    assertThat(names(plan))
        .containsExactlyInAnyOrder(
            Q + ".lora_A.weight", Q + ".lora_B.weight", k + ".weight", k + ".bias");
    assertThat(config(plan).text("bias")).isEqualTo("none");
    assertThat(texts(config(plan), "modules_to_save")).containsExactly("k_proj");
    assertThat(plan.notices())
        .filteredOn(notice -> notice.contains(" as in the base, and not in the adapter: "))
        .singleElement()
        .asString()
        .startsWith("5 tensors ")
        .doesNotContain(k);
  }

  @Test
  void whatIsToBeLeftStaysThatOfTheBaseInAModuleThatIsSaved() {
    String norm = "model.layers.0.ln";
    MergePlan plan = plan("exclude: ['ln.bias']", Q + ".weight", norm + ".weight", norm + ".bias");
    assertThat(origin(plan, norm + ".weight")).startsWith("tuned/");
    assertThat(origin(plan, norm + ".bias")).startsWith("base/");
    assertThat(plan.notices())
        .contains("1 tensor that differ left as in the base, as was asked: " + norm + ".bias");
  }

  @Test
  void aMatrixOfWhichNothingIsKeptStaysThatOfTheBaseInAModuleThatIsSaved() {
    String k = "model.layers.0.k_proj";
    AdapterPlan known =
        knowing(
            Extractions.of("threshold: 1", model("base"), model("tuned")),
            Q + ".weight",
            k + ".weight",
            k + ".bias");
    assertThat(known.searches()).extracting(Factors::module).containsExactly(k, Q);
    MergePlan plan = known.ranked(List.of(0, 2)).plan(SETTINGS);
    assertThat(origin(plan, k + ".bias")).startsWith("tuned/");
    assertThat(origin(plan, k + ".weight")).startsWith("base/");
  }

  @Test
  void embeddingsLieInItAsIsAsked() {
    String[] both = {Q + ".weight", EMBEDDING + ".weight", "lm_head.weight"};
    MergePlan whole = plan("embeddings: whole", both);
    assertThat(names(whole)).contains(EMBEDDING + ".weight", "lm_head.weight").hasSize(4);
    assertThat(texts(config(whole), "modules_to_save")).containsExactly("embed_tokens", "lm_head");
    MergePlan left = plan("embeddings: leave", both);
    assertThat(names(left)).hasSize(2);
    assertThat(left.notices())
        .contains(
            "2 tensors that differ left as in the base, as was asked: lm_head.weight,"
                + " model.embed_tokens.weight");
  }

  @Test
  void anEmbeddingOfLowRankIsTurned() {
    MergePlan plan = plan("embeddings: low-rank, rank: 2", EMBEDDING + ".weight", "lm_head.weight");
    assertThat(tensor(plan, EMBEDDING + ".lora_embedding_A").output().shape())
        .isEqualTo(Shape.of(2, 9));
    assertThat(tensor(plan, EMBEDDING + ".lora_embedding_B").output().shape())
        .isEqualTo(Shape.of(6, 2));
    assertThat(tensor(plan, "lm_head.lora_A.weight").output().shape()).isEqualTo(Shape.of(2, 6));
    assertThat(tensor(plan, "lm_head.lora_B.weight").output().shape()).isEqualTo(Shape.of(9, 2));
    assertThat(config(plan).get("fan_in_fan_out"))
        .as("the embedding's own turn is no Conv1D")
        .contains(JsonValue.of(false));
  }

  private static ModelHeaders tied(String name, String config) {
    return model(name).without("lm_head.weight").config(config);
  }

  private static AdapterPlan ofTied(String output, String config) {
    return Extractions.of(output, tied("base", config), tied("tuned", config));
  }

  private static final String TIED = LLAMA.formatted(", \"tie_word_embeddings\": true");

  @Test
  void anEmbeddingThatIsTheHeadTooIsThereTwice() {
    MergePlan plan = knowing(ofTied("", TIED), Q + ".weight", EMBEDDING + ".weight").plan(SETTINGS);
    assertThat(names(plan)).contains(EMBEDDING + ".weight", "lm_head.weight");
    assertThat(texts(config(plan), "modules_to_save")).containsExactly("embed_tokens", "lm_head");
    assertThat(plan.notices())
        .last()
        .isEqualTo(
            "the base has one tensor for embedding and head: the adapter holds it for both, as"
                + " lm_head, too");
    assertThat(names(knowing(ofTied("", TIED), Q + ".weight").plan(SETTINGS))).hasSize(2);
  }

  @Test
  void anEmbeddingThatIsTheHeadTooHasNoLowRank() {
    assertRefused(
        () -> ofTied("embeddings: low-rank", TIED),
        "model.embed_tokens.weight of org/base is the head as well, and a change of low rank would"
            + " reach only one of them; write `embeddings: whole` or `embeddings: leave`");
  }

  @Test
  void aHeadThatNobodyFindsKeepsItsEmbedding() {
    AdapterPlan plan = ofTied("", TIED.replace("LlamaForCausalLM", "LlamaForMaskedLM"));
    assertThat(names(knowing(plan, Q + ".weight").plan(SETTINGS))).hasSize(2);
    assertThat(Extractions.refusal(() -> knowing(plan, Q + ".weight", EMBEDDING + ".weight")))
        .startsWith("model.embed_tokens.weight differ from org/base and cannot be in an adapter: ")
        .endsWith("leave them as they are in the base: --exclude, or `exclude` under `output`");
  }

  @Test
  void aTensorBesideModulesCannotBeSaved() {
    ModelHeaders base = model("base").tensor("model.scale", 6);
    ModelHeaders tuned = model("tuned").tensor("model.scale", 6);
    assertThat(
            Extractions.refusal(
                () -> knowing(Extractions.of("", base, tuned), Q + ".weight", "model.scale")))
        .startsWith("model.scale differ from org/base and cannot be in an adapter");
    MergePlan left =
        knowing(Extractions.of("exclude: [scale]", base, tuned), Q + ".weight", "model.scale")
            .plan(SETTINGS);
    assertThat(names(left)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {".scale", ".zero"})
  void aModuleWithAPairIsNotSavedToo(String end) {
    AdapterPlan plan =
        Extractions.of("", model("base").tensor(Q + end, 6), model("tuned").tensor(Q + end, 6));
    assertThat(Extractions.refusal(() -> knowing(plan, Q + ".weight", Q + end)))
        .contains(
            "cannot be in an adapter: they are no weights of linear layers, and lie in modules with"
                + " others in them");
  }

  @Test
  void aMergeWithAHeadOfItsOwnGivesTheAdapterThat() {
    ModelHeaders tuned = model("tuned").config(LLAMA.formatted(", \"tie_word_embeddings\": false"));
    AdapterPlan plan = Extractions.of("", tied("base", TIED), tuned);
    MergePlan both =
        knowing(plan, Q + ".weight", EMBEDDING + ".weight", "lm_head.weight").plan(SETTINGS);
    assertThat(names(both)).hasSize(4).containsOnlyOnce("lm_head.weight");
    assertThat(tensor(both, "lm_head.weight").work().inputs().get(0).source().place(0).tensor())
        .isEqualTo("lm_head.weight");
    assertThat(both.notices()).noneMatch(notice -> notice.contains("for embedding and head"));
  }

  @Test
  void numbersThatAreNoneAreNotCompared() {
    ModelHeaders base = model("base").tensor("model.ids", DType.I64, 4);
    ModelHeaders tuned = model("tuned").tensor("model.ids", DType.I64, 4);
    assertThat(knowing(Extractions.of("", base, tuned), Q + ".weight").plan(SETTINGS).notices())
        .last()
        .isEqualTo(
            "1 tensor of no floating-point numbers, and so not compared: left as in the base:"
                + " model.ids");
  }

  @Test
  void weightsThatAreStoredAsInOutAreTurned() {
    String config = "{\"architectures\": [\"GPT2LMHeadModel\"], \"model_type\": \"gpt2\"}";
    ModelHeaders base = ModelHeaders.named("base").config(config);
    ModelHeaders tuned = ModelHeaders.named("tuned").config(config);
    base.tensor("h.0.attn.c_attn.weight", 6, 18).tensor("wte.weight", 9, 6);
    tuned.tensor("h.0.attn.c_attn.weight", 6, 18).tensor("wte.weight", 9, 6);
    MergePlan plan =
        knowing(Extractions.of("rank: 2", base, tuned), "h.0.attn.c_attn.weight").plan(SETTINGS);
    String module = "transformer.h.0.attn.c_attn";
    assertThat(tensor(plan, module + ".lora_A.weight").output().shape()).isEqualTo(Shape.of(2, 6));
    assertThat(tensor(plan, module + ".lora_B.weight").output().shape()).isEqualTo(Shape.of(18, 2));
    assertThat(config(plan).get("fan_in_fan_out")).contains(JsonValue.of(true));
  }
}
