package dev.stockpot.merge.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.model.Gathered;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.RowMap;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of embeddings and heads move with their tokens, or the merge is refused. */
class VocabularyRowsTest extends VocabularyCases {
  @Test
  void aRecipeSaysWhereRowsAreFrom() throws IOException {
    twoChatModels();
    VocabularyPlan plan =
        models.plan(
            """
            tokenizer:
              source: union
              tokens:
                <|y|>: {source: c}
                <|x|>: {source: {kind: model_token, model: a, token: cat}, force: true}
                <|n|>: {source: {kind: model_token, model: ./b, token_id: 4}}
                <|z|>: {source: {kind: zero}}
            """);
    assertThat(rows(plan, "a", EMBEDDING))
        .containsExactly("a 0", "a 1", "a 2", "a 2", "c 3", "b 4", "a row of zeros");
    assertThat(rows(plan, "b", EMBEDDING))
        .containsExactly("b 0", "b 1", "b 2", "a 2", "b 4", "b 4", "a row of zeros");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "{source: nobody}! nobody gives the row of a token, and is no model of this merge; name one"
            + " that is",
        "{source: b}! the row of '<|n|>' is to be that of '<|n|>' in b, whose tokenizer has no such"
            + " token",
        "{source: {kind: model_token, model: b, token_id: 5}}! the row of '<|n|>' is to be row 5 of"
            + " b, and lm_head.weight has 5 rows there"
      })
  void aRowThatIsNotThereIsRefused(String choice, String why) {
    twoChatModels();
    assertThatThrownBy(
            () -> models.plan("tokenizer:\n  tokens:\n    <|n|>: %s\n".formatted(choice)))
        .hasMessage("recipe.yml:9: " + why);
  }

  @Test
  void rowsThatNoTokenHasAreLeftOutAndThatIsTold() throws IOException {
    models.model("a", 8, words("x", "y", "z"));
    models.model("b", 8, words("x", "y", "z"));
    VocabularyPlan plan = models.plan("tokenizer_source: base\n");
    assertThat(rows(plan, "b", HEAD)).containsExactly("b 0", "b 1", "b 2");
    assertThat(plan.notices())
        .containsExactly(
            "embeddings have 3 rows, one for each token, and a had 8: `pad: keep` under `tokenizer`"
                + " keeps those that no token has");
  }

  @Test
  void paddingThatIsKeptIsFree() throws IOException {
    models.model("a", 8, words("x", "y", "z"));
    models.model("b", 8, words("x", "y", "z"));
    VocabularyPlan plan = models.plan("tokenizer: {source: base, pad: keep}\n");
    assertThat(TokenModels.model(plan, "a").tensors().values())
        .allMatch(source -> source instanceof Stored);
    assertThat(config(plan).whole("vocab_size", 0)).isEqualTo(8);
    assertThat(plan.notices()).isEmpty();
  }

  @Test
  void keptPaddingIsTheModelsOwnWhereItHasSome() throws IOException {
    models.model("a", 6, words("x", "y", "z"));
    models.model("b", 5, words("x", "y", "z").special("<|t|>"));
    VocabularyPlan plan = models.plan("tokenizer: {pad: keep}\n");
    assertThat(rows(plan, "a", EMBEDDING))
        .containsExactly("a 0", "a 1", "a 2", "b 3", "a 4", "a 5");
    assertThat(rows(plan, "b", EMBEDDING))
        .containsExactly("b 0", "b 1", "b 2", "b 3", "b 4", "mean");
  }

  @Test
  void rowsAreRoundedUpToAMultiple() throws IOException {
    models.model("a", 3, words("x", "y", "z"));
    models.model("b", 3, words("x", "y", "z"));
    VocabularyPlan plan = models.plan("tokenizer: {pad_to_multiple_of: 4}\n");
    TensorSource padded = TokenModels.model(plan, "a").tensors().get(EMBEDDING);
    assertThat(padded.shape().dimensions()).containsExactly(4L, 4L);
    assertThat(padded.storedType()).isEqualTo(DType.BF16);
    assertThat(rows(padded)).containsExactly("a 0", "a 1", "a 2", "mean");
    assertThat(config(plan).whole("vocab_size", 0)).isEqualTo(4);
  }

  @Test
  void aModelWithoutATensorForTokensIsRefused() {
    models.model("a", 3, words("x", "y", "z"));
    models
        .bare("b")
        .config("{\"vocab_size\": 3}")
        .file("tokenizer.json", words("x", "y", "z").json())
        .tensor("odd.weight", 7, 4);
    assertThatThrownBy(() -> models.plan("tokenizer_source: base\n"))
        .hasMessage(
            "recipe.yml:1: b has 3 tokens, and no tensor that is known to have a row for each; name"
                + " them in `vocab-tensors`, a list of regular expressions");
  }

  @Test
  void aDoubtfulTensorIsAskedAboutOnlyIfRowsMove() throws IOException {
    models.model("a", 3, words("x", "y", "z")).tensor("score_table", 3, 9);
    models.model("b", 3, words("x", "y", "z")).tensor("score_table", 3, 9);
    assertThat(models.plan("tokenizer_source: base\n").notices()).isEmpty();

    models.model("b", 3, words("z", "x", "y")).tensor("score_table", 3, 9);
    assertThatThrownBy(() -> models.plan("tokenizer_source: base\n"))
        .hasMessage(
            "recipe.yml:6: rows of b move, and it has tensors with as many rows whose names tell"
                + " nothing: score_table. List those with a row for each token in `vocab-tensors`,"
                + " as regular expressions; `vocab-tensors: []` if there is none");
    assertThat(rows(models.plan("tokenizer_source: base\nvocab-tensors: []\n"), "b", "score_table"))
        .containsExactly("b 0", "b 1", "b 2");
    assertThat(
            rows(
                models.plan("tokenizer_source: base\nvocab-tensors: [score]\n"),
                "b",
                "score_table"))
        .containsExactly("b 1", "b 2", "b 0");
  }

  @Test
  void aTensorThatIsNamedAndHasOtherRowsIsRefused() {
    models.model("a", 3, words("x", "y", "z")).tensor("score_table", 5, 9);
    assertThatThrownBy(() -> models.plan("tokenizer_source: base\nvocab-tensors: [score]\n"))
        .hasMessage(
            "recipe.yml:1: `vocab-tensors` names tensors of a without a row for each of 3 tokens:"
                + " score_table is [5, 9]");
  }

  @Test
  void rowsOfAnotherWidthAreRefused() {
    models.model("a", 3, words("x", "y", "z"));
    models.model("b", 4, words("x", "y", "z").special("<|t|>")).tensor(EMBEDDING, 4, 6);
    assertThatThrownBy(() -> models.plan("tokenizer_source: union\n"))
        .hasMessageStartingWith(
            "a takes rows for its model.embed_tokens.weight (BF16 [3, 4]) from"
                + " model.embed_tokens.weight of b (BF16 [4, 6]), and they do not fit.");
  }

  @Test
  void aSharedHeadStandsInForOneThatIsMissing() throws IOException {
    models.model("a", 3, words("x", "y", "z"));
    models.model("b", 4, words("x", "y", "z").special("<|t|>")).without(HEAD);
    VocabularyPlan plan = models.plan("tokenizer_source: union\n");
    assertThat(rows(plan, "a", HEAD)).containsExactly("a 0", "a 1", "a 2", "b 3");
    TensorSource head = TokenModels.model(plan, "a").tensors().get(HEAD);
    assertThat(head.place(3 * 4).tensor()).isEqualTo(EMBEDDING);
    assertThat(TokenModels.model(plan, "b").tensors()).doesNotContainKey(HEAD);
  }

  @Test
  void layersAreNotTouchedThoughTheyHaveAsManyRows() throws IOException {
    models.model("a", 4, words("w", "x", "y", "z"));
    models.model("b", 4, words("z", "y", "x", "w"));
    VocabularyPlan plan = models.plan("tokenizer_source: base\n");
    Model b = TokenModels.model(plan, "b");
    assertThat(b.tensors().get("model.layers.0.mlp.up_proj.weight")).isInstanceOf(Stored.class);
    assertThat(b.tensors().get(EMBEDDING)).isInstanceOf(Gathered.class);
  }

  @Test
  void sizesInPartsOfTheConfigurationFollow() throws IOException {
    String nested =
        "{\"vocab_size\": 3, \"text_config\": {\"vocab_size\": 3}, \"v\": {\"vocab_size\": 9}}";
    models.model("a", 3, words("x", "y", "z")).config(nested);
    models.model("b", 4, words("x", "y", "z").special("<|t|>"));
    VocabularyPlan plan = models.plan("tokenizer_source: union\n");
    JsonObject config =
        config(
            plan,
            JsonObject.EMPTY
                .with("vocab_size", 3)
                .with("text_config", JsonObject.EMPTY.with("vocab_size", 3))
                .with("v", JsonObject.EMPTY.with("vocab_size", 9)));
    assertThat(config.whole("vocab_size", 0)).isEqualTo(4);
    assertThat(config.object("text_config").orElseThrow().whole("vocab_size", 0)).isEqualTo(4);
    assertThat(config.object("v").orElseThrow().whole("vocab_size", 0)).isEqualTo(9);
  }

  @Test
  void idsOfTheConfigurationAreThoseOfTheModelWhoseTokenizerItIs() throws IOException {
    models
        .model("a", 3, words("<s>", "</s>", "<pad>"))
        .config(
            "{\"vocab_size\": 3, \"bos_token_id\": 0, \"eos_token_id\": 1, \"pad_token_id\": 2,"
                + " \"image_token_index\": 1, \"x\": null}")
        .file(
            "generation_config.json",
            "{\"eos_token_id\": [1, 2], \"bos_token_id\": 0, \"top_k\": 5,"
                + " \"decoder_start_token_id\": 2}");
    models
        .model("b", 4, words("<pad>", "<s>", "</s>").special("<|end|>"))
        .config("{\"vocab_size\": 4, \"bos_token_id\": 1, \"eos_token_id\": 3}")
        .file("generation_config.json", "{\"eos_token_id\": [3, 2]}");
    VocabularyPlan plan = models.plan("tokenizer_source: b\n");
    JsonObject config = config(plan, TokenModels.model(plan, "a").config().tree());
    assertThat(config.whole("bos_token_id", -1)).isEqualTo(1);
    assertThat(config.whole("eos_token_id", -1)).isEqualTo(3);
    assertThat(config.whole("pad_token_id", -1)).isEqualTo(0);
    assertThat(config.whole("image_token_index", -1)).isEqualTo(2);
    assertThat(models.file(plan, "a", "generation_config.json").orElseThrow())
        .isEqualTo(
            """
            {
              "eos_token_id": [
                3,
                2
              ],
              "bos_token_id": 1,
              "top_k": 5,
              "decoder_start_token_id": 0
            }
            """);
  }

  @Test
  void anIdWhoseTokenIsGoneIsTakenAwayAndTold() throws IOException {
    models
        .model("a", 3, words("x", "y", "z").special("<|pad|>"))
        .config("{\"vocab_size\": 3, \"pad_token_id\": 3, \"eos_token_id\": 1}");
    models.model("b", 4, words("x", "y", "z").special("<|t|>"));
    VocabularyPlan plan = models.plan("tokenizer_source: union\n");
    JsonObject config = config(plan, TokenModels.model(plan, "a").config().tree());
    assertThat(config.get("pad_token_id").filter(id -> !id.equals(JsonValue.nothing()))).isEmpty();
    assertThat(config.whole("eos_token_id", -1)).isEqualTo(1);
    assertThat(plan.notices())
        .contains("config.json has no pad_token_id (3) any more: the result has no such token");
  }

  @Test
  void rowsOfSeveralTypesAreOneTensorOfTheModelsOwnType() throws IOException {
    models.model("a", 3, words("x", "y", "z"));
    models
        .model("b", 4, words("x", "y", "z").special("<|t|>"))
        .tensor(EMBEDDING, DType.F16, 4, 4)
        .tensor(HEAD, DType.F16, 4, 4);
    VocabularyPlan plan = models.plan("tokenizer_source: union\n");
    TensorSource mixed = TokenModels.model(plan, "a").tensors().get(EMBEDDING);
    assertThat(mixed.dtype()).isEqualTo(DType.F32);
    assertThat(mixed.storedType()).isEqualTo(DType.BF16);
  }

  @Test
  void aVocabularyOfAQuarterOfAMillionTokensIsOneRunAndIsPlannedAtOnce() throws IOException {
    int tokens = 256_000;
    String[] all = IntStream.range(0, tokens).mapToObj(id -> "w" + id).toArray(String[]::new);
    models.model("a", tokens, words(all)).tensor(EMBEDDING, tokens, 8_192);
    models
        .model("b", tokens + 64, words(all).special("<|t|>", "<|u|>"))
        .tensor(EMBEDDING, tokens + 64, 8_192);
    VocabularyPlan plan = models.plan("tokenizer_source: union\n");
    RowMap map = ((Gathered) TokenModels.model(plan, "a").tensors().get(EMBEDDING)).map();
    assertThat(map.rows()).isEqualTo(tokens + 2);
    assertThat(map.runs()).isEqualTo(2);
  }
}
