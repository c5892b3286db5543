package dev.stockpot.merge.extract;

import static dev.stockpot.merge.extract.Extractions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.adapter.AdapterTargets.Kind;
import dev.stockpot.merge.model.Made;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each tensor of a merge stands beside that of its base, or no adapter can do what it does. */
class ComparedTensorsTest {
  private static final String MADE =
      "they are made of whole tensors or with statistics, which is not done on the way to an"
          + " adapter: merge to a checkpoint, and extract from that";

  private static ModelHeaders model(String name) {
    return ModelHeaders.named(name).tensor("h.10.w.weight", 4, 4).tensor("h.2.w.weight", 4, 4);
  }

  private static List<TensorChange> changes(ModelHeaders base, ModelHeaders tuned) {
    return Extractions.of("", base, tuned).changes();
  }

  private static void refuses(ModelHeaders base, ModelHeaders tuned, String... lines) {
    assertRefused(() -> changes(base, tuned), lines);
  }

  @Test
  void tensorsComeInTheOrderOfTheirLayers() {
    assertThat(changes(model("base").tensor("norm", 4), model("tuned").tensor("norm", 4)))
        .extracting(change -> change.kind() + " " + change.tensor())
        .containsExactly("LINEAR h.2.w.weight", "LINEAR h.10.w.weight", "OTHER norm");
  }

  @Test
  void whatIsAddedOrTakenAwayIsRefusedWithNames() {
    refuses(
        model("base").tensor("gone.a", 1).tensor("gone.b", 1),
        model("tuned").tensor("extra", 2),
        "No adapter can be made of extra: the base has none of them, and an adapter adds no tensor",
        "No adapter can be made of gone.a, gone.b: the merge has none of them, and an adapter takes"
            + " no tensor away");
  }

  @Test
  void otherShapesAreRefusedOnceForEach() {
    String message =
        "No adapter can be made of %s: their shapes differ from the base's (%s there, %s in the"
            + " merge), and an adapter changes numbers alone; where tokens were added, give the"
            + " base as many rows first";
    refuses(
        model("base").tensor("a", 8, 2).tensor("b", 8, 2).tensor("c", 8),
        model("tuned").tensor("a", 9, 2).tensor("b", 9, 2).tensor("c", 9),
        message.formatted("a, b", "[8, 2]", "[9, 2]"),
        message.formatted("c", "[8]", "[9]"));
  }

  @Test
  void codesOfTheBaseAreRefused() {
    String config = "{\"quantization_config\": {\"quant_method\": \"gptq\", \"bits\": 4}}";
    ModelHeaders[] both = {ModelHeaders.named("base"), ModelHeaders.named("tuned")};
    for (ModelHeaders model : both) {
      model
          .config(config)
          .tensor("h.0.w.qweight", DType.I32, 1, 8)
          .tensor("h.0.w.qzeros", DType.I32, 1, 1)
          .tensor("h.0.w.scales", DType.F16, 1, 8)
          .tensor("norm", 4);
    }
    refuses(
        both[0],
        both[1],
        "No adapter can be made of h.0.w.qweight, h.0.w.qzeros, h.0.w.scales: the base holds codes"
            + " there, not numbers: de-quantise it first");
  }

  @Test
  void aHeadStandsBesideTheEmbeddingThatTheBaseShares() {
    String config =
        "{\"architectures\": [\"LlamaForCausalLM\"], \"tie_word_embeddings\": %s, \"model_type\":"
            + " \"llama\"}";
    ModelHeaders base =
        model("base").config(config.formatted(true)).tensor("embed_tokens.weight", 9, 4);
    ModelHeaders tuned =
        model("tuned")
            .config(config.formatted(false))
            .tensor("embed_tokens.weight", 9, 4)
            .tensor("lm_head.weight", 9, 4);
    assertThat(changes(base, tuned))
        .filteredOn(change -> change.kind() == Kind.HEAD)
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.base().place(0).tensor()).isEqualTo("embed_tokens.weight");
              assertThat(change.changed().place(0).tensor()).isEqualTo("lm_head.weight");
            });
    refuses(
        base.config(config.formatted(true).replace("ForCausalLM", "Model")),
        tuned,
        "No adapter can be made of lm_head.weight: the base has none of them, and an adapter adds"
            + " no tensor");
  }

  private static List<TensorChange> merged(String merge) {
    return Extractions.of(merge, "", model("base").open(), model("a").open(), model("b").open())
        .changes();
  }

  @Test
  void whatAMergeMakesBlockByBlockIsMadeOnTheWay() {
    TensorChange change =
        merged("merge_method: linear\nparameters: {weight: 1}\nmodels: [{model: a}, {model: b}]")
            .get(0);
    Made made = (Made) change.changed();
    assertThat(made.dtype()).as("not rounded").isEqualTo(DType.F32);
    assertThat(made.inputs())
        .extracting(input -> input.place(0).origin())
        .containsExactly("a/model.safetensors", "b/model.safetensors");
    assertThat(change.dtype()).as("what it would be stored as").isEqualTo(DType.BF16);
  }

  @Test
  void whatAMergeMakesOfWholeTensorsIsNot() {
    assertRefused(
        () -> merged("merge_method: tsv_m\nmodels: [{model: a}, {model: b}]"),
        "No adapter can be made of h.10.w.weight, h.2.w.weight: " + MADE);
  }

  @Test
  void aModelThatIsTheBaseLeavesItUntouched() {
    String both =
        "merge_method: linear\nparameters: {weight: 1}\nmodels: [{model: base}, {model: %s}]";
    assertThat(merged(both.formatted("base").replace(", {model: base}", "")))
        .allMatch(TensorChange::isUntouched);
    assertThat(merged(both.formatted("a"))).noneMatch(TensorChange::isUntouched);
  }
}
