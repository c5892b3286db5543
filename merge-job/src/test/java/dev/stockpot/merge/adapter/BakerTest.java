package dev.stockpot.merge.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All that an adapter holds finds its tensor, or is a problem that names both. */
class BakerTest {
  private static final String Q = "model.layers.0.q_proj";
  private static final String EMBEDDING = "model.embed_tokens";

  private final List<String> problems = new ArrayList<>();
  private Drafts drafts;

  private static ModelHeaders base() {
    return ModelHeaders.named("base")
        .config("{\"model_type\": \"llama\"}")
        .tensor(EMBEDDING + ".weight", 10, 6)
        .tensor(Q + ".weight", 8, 6)
        .tensor(Q + ".bias", 8)
        .tensor("model.layers.1.q_proj.weight", 8, 6)
        .tensor("lm_head.weight", 10, 6);
  }

  /** A base whose embedding is its head, too. */
  private static ModelHeaders tied() {
    return base().without("lm_head.weight").config("{\"tie_word_embeddings\": true}");
  }

  private void bake(ModelHeaders base, AdapterHeaders headers) {
    Model model = base.open();
    Adapter adapter = headers.open();
    drafts = new Drafts(model.tensors());
    AdapterContents contents = AdapterContents.of(adapter, problems);
    new Baker(adapter.config(), BaseModel.of(model), drafts, problems).bake(contents);
  }

  private void refuses(ModelHeaders base, AdapterHeaders headers, String... words) {
    bake(base, headers);
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).contains(words);
  }

  private static AdapterHeaders lora() {
    return new AdapterHeaders();
  }

  @Test
  void aPairIsAddedToItsWeightAndToNothingElse() {
    bake(base(), lora().pair(Q, 4, 8, 6));
    assertThat(problems).isEmpty();
    assertThat(drafts.touched()).containsOnlyKeys(Q + ".weight");
    TensorSource baked = drafts.rounded().get(Q + ".weight");
    assertThat(baked.dtype()).isEqualTo(DType.BF16);
    assertThat(baked.shape()).isEqualTo(Shape.of(8, 6));
    assertThat(baked.identity()).contains("low rank", 4L, 2f);
  }

  @Test
  void allThatTheBaseLacksIsOneProblemWithTheNearestNames() {
    AdapterHeaders adapter = lora().config("\"base_model_name_or_path\": \"org/other\", \"r\": 4");
    for (int layer = 2; layer < 9; layer++) {
      adapter.pair("model.layers.%s.q_proj".formatted(layer), 4, 8, 6);
    }
    refuses(
        base(),
        adapter,
        "the base has no tensor for 7 of what the adapter changes: model.layers.2.q_proj.weight,",
        "model.layers.6.q_proj.weight and 2 more. The nearest to model.layers.2.q_proj.weight is ",
        "q_proj.weight",
        "Name the base that the adapter was trained on, org/other");
    assertThat(drafts.touched()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "lora_magnitude_vector, 8",
    "lora_B.bias, 8",
  })
  void whatBelongsToALoraIsNothingWithoutOne(String part, long size) {
    refuses(
        base(),
        lora().tensor(Q + "." + part, size),
        "it holds base_model.model.%s.%s [%s] without a LoRA that it belongs to"
            .formatted(Q, part, size));
  }

  @Test
  void ranksMustBeThoseOfTheConfiguration() {
    refuses(
        base(),
        lora().config("\"r\": 4, \"rank_pattern\": {\"q_proj\": 2}").pair(Q, 4, 8, 6),
        "lora_A.weight [4, 6] and base_model.model." + Q + ".lora_B.weight [8, 4]",
        "are no pair of rank 2, as adapter_config.json has it");
  }

  @Test
  void factorsThatDoNotMeetAreNoPair() {
    refuses(
        base(),
        lora().tensor(Q + ".lora_A.weight", 4, 6).tensor(Q + ".lora_B.weight", 8, 3),
        "are no pair of rank 4");
  }

  @Test
  void aPairThatWasSavedInPiecesIsNoPair() {
    refuses(
        base(),
        lora().tensor(Q + ".lora_A.weight", 24).tensor(Q + ".lora_B.weight", 32),
        "are no matrices: they were saved in pieces");
  }

  @Test
  void lengthsMustBeOneForEachOutput() {
    refuses(
        base(),
        lora().pair(Q, 4, 8, 6).tensor(Q + ".lora_magnitude_vector", 6),
        "must have 8 elements, one for each output of " + Q + ".weight");
  }

  @Test
  void aBiasMustBeAsLongAsTheBases() {
    refuses(
        base(),
        lora().pair(Q, 4, 8, 6).tensor(Q + ".lora_B.bias", 7),
        "lora_B.bias [7] does not fit " + Q + ".bias [8] of the base");
    problems.clear();
    bake(base(), lora().pair(Q, 4, 8, 6).tensor(Q + ".lora_B.bias", 8));
    assertThat(problems).isEmpty();
    assertThat(drafts.touched()).containsOnlyKeys(Q + ".weight", Q + ".bias");
  }

  @Test
  void aBiasThatTheBaseLacksIsSaid() {
    refuses(
        base(),
        lora()
            .pair("model.layers.1.q_proj", 4, 8, 6)
            .tensor("model.layers.1.q_proj.lora_B.bias", 8),
        "no tensor for 1 of what the adapter changes: model.layers.1.q_proj.bias");
  }

  @Test
  void allThatIsCodesIsOneProblemWithTheRemedy() {
    ModelHeaders coded =
        ModelHeaders.named("base")
            .config("{\"quantization_config\": {\"quant_method\": \"gptq\", \"bits\": 4}}");
    AdapterHeaders adapter = lora();
    for (int layer = 0; layer < 7; layer++) {
      String module = "model.layers.%s.q_proj".formatted(layer);
      coded
          .tensor(module + ".qweight", DType.I32, 1, 8)
          .tensor(module + ".qzeros", DType.I32, 1, 1)
          .tensor(module + ".scales", DType.F16, 1, 8);
      adapter.pair(module, 4, 8, 6);
    }
    refuses(
        coded,
        adapter,
        "the base stores 7 of what the adapter changes as codes of GPTQ",
        "to which nothing can be added: model.layers.0.q_proj.weight, ",
        " and 2 more. De-quantise the base first, with ");
    assertThat(drafts.touched()).isEmpty();
  }

  @Test
  void rowsOfTokensNeedTheirIds() {
    String rows = EMBEDDING + ".token_adapter.trainable_tokens_delta";
    refuses(
        base(),
        lora().tensor(rows, 2, 6),
        "does not fit the `trainable_token_indices`",
        "which has none for it");
    problems.clear();
    AdapterHeaders three = lora().config("\"trainable_token_indices\": [3, 4, 9], \"r\": 4");
    refuses(base(), three.tensor(rows, 2, 6), "3 ids");
    problems.clear();
    AdapterHeaders good = lora().config("\"trainable_token_indices\": [3, 9], \"r\": 4");
    bake(base(), good.tensor(rows, 2, 6));
    assertThat(problems).isEmpty();
    assertThat(drafts.rounded().get(EMBEDDING + ".weight").shape()).isEqualTo(Shape.of(10, 6));
  }

  @Test
  void anEmbeddingsPairIsThinTheOtherWayRound() {
    bake(
        base(),
        lora()
            .tensor(EMBEDDING + ".lora_embedding_A", 4, 10)
            .tensor(EMBEDDING + ".lora_embedding_B", 6, 4));
    assertThat(problems).isEmpty();
    assertThat(drafts.touched()).containsOnlyKeys(EMBEDDING + ".weight");
    refuses(
        base(),
        lora()
            .tensor(EMBEDDING + ".lora_embedding_A", 4, 6)
            .tensor(EMBEDDING + ".lora_embedding_B", 10, 4),
        "do not fit " + EMBEDDING + ".weight [10, 6] of the base");
  }

  @Test
  void aCopyMayHaveOtherRowsOnlyWhereRowsAreTokens() {
    bake(
        base(),
        lora()
            .config("\"r\": 4, \"modules_to_save\": [\"lm_head\"]")
            .tensor("lm_head.weight", 12, 6));
    assertThat(problems).isEmpty();
    assertThat(drafts.get("lm_head.weight").shape()).isEqualTo(Shape.of(12, 6));
    refuses(
        base(),
        lora().tensor(Q + ".weight", 9, 6),
        "it holds BF16 base_model.model." + Q + ".weight [9, 6], and the base has BF16 [8, 6]");
  }

  @Test
  void aHeadThatIsSharedGetsATensorOfItsOwnWhenOneOfBothIsTrained() {
    bake(tied(), lora().pair("lm_head", 4, 10, 6));
    assertThat(problems).isEmpty();
    assertThat(drafts.touched()).containsOnlyKeys("lm_head.weight");

    bake(
        tied(),
        lora()
            .tensor(EMBEDDING + ".lora_embedding_A", 4, 10)
            .tensor(EMBEDDING + ".lora_embedding_B", 6, 4));
    assertThat(drafts.touched()).containsOnlyKeys(EMBEDDING + ".weight", "lm_head.weight");
    Map<String, TensorSource> rounded = drafts.rounded();
    assertThat(rounded.get("lm_head.weight").identity())
        .as("the head stays as the embedding was")
        .doesNotContain("low rank");
    assertThat(rounded.get(EMBEDDING + ".weight").identity()).contains("low rank");
  }

  @Test
  void whatIsSaidToBeTiedStaysTied() {
    bake(
        tied(),
        lora()
            .config("\"r\": 4, \"ensure_weight_tying\": true")
            .tensor(EMBEDDING + ".lora_embedding_A", 4, 10)
            .tensor(EMBEDDING + ".lora_embedding_B", 6, 4));
    assertThat(problems).isEmpty();
    assertThat(drafts.touched()).containsOnlyKeys(EMBEDDING + ".weight");
  }

  @Test
  void aCopyOfTheSharedHeadThatNobodyTrainedIsTheEmbeddings() {
    bake(tied(), lora().tensor("lm_head.weight", 11, 6));
    assertThat(problems).isEmpty();
    assertThat(drafts.touched()).containsOnlyKeys(EMBEDDING + ".weight");
    assertThat(drafts.get(EMBEDDING + ".weight").shape()).isEqualTo(Shape.of(11, 6));
  }

  @Test
  void twoSpellingsOfOneTensorAreAProblem() {
    refuses(
        base(),
        lora().pair(Q, 4, 8, 6).tensor(Q + ".lora_A.default.weight", 4, 6),
        "are one and the same to the base. Save the adapter again, one to a folder");
  }
}
