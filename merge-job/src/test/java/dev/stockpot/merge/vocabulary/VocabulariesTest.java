package dev.stockpot.merge.vocabulary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.model.Gathered;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.RowMap;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.ConfigEdit;
import dev.stockpot.merge.storage.MemoryStore.Request;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models have one vocabulary, row by row, and the result has a tokenizer that says the same. */
class VocabulariesTest {
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final String HEAD = "lm_head.weight";

  private final TokenModels models = new TokenModels();

  private static TokenizerTexts words(String... words) {
    return TokenizerTexts.words(words);
  }

  private void twoChatModels() {
    models.model("a", 3, words("<s>", "the", "cat").special("<s>"));
    models.model("b", 5, words("<s>", "the", "cat").special("<s>", "<|x|>", "<|y|>"));
    models.model("c", 4, words("<s>", "the", "cat").special("<s>", "<|y|>"));
  }

  /**
   * Where each row of a tensor comes from: {@code a 3} is row 3 of a's, {@code mean} one of means.
   */
  private static List<String> rows(TensorSource source) {
    return IntStream.range(0, Math.toIntExact(source.shape().dimensions().get(0)))
        .mapToObj(row -> row(source, row))
        .toList();
  }

  private static String row(TensorSource source, long row) {
    long width = source.shape().elements() / source.shape().dimensions().get(0);
    TensorSource.Place place = source.place(row * width);
    String[] folders = place.origin().split("/", -1);
    if (place.tensor().startsWith("the mean of ")) {
      return "mean";
    }
    return folders.length > 2 ? folders[2] + " " + place.element() / width : place.tensor();
  }

  private static List<String> rows(VocabularyPlan plan, String model, String tensor) {
    return rows(TokenModels.model(plan, model).tensors().get(tensor));
  }

  private static JsonObject config(VocabularyPlan plan, JsonObject before) {
    JsonObject config = before;
    for (ConfigEdit edit : plan.edits()) {
      config = edit.apply(config);
    }
    return config;
  }

  private static JsonObject config(VocabularyPlan plan) {
    return config(plan, JsonObject.EMPTY.with("vocab_size", 3));
  }

  @Test
  void aRecipeThatSaysNothingOfTokensChangesNothing() throws IOException {
    twoChatModels();
    VocabularyPlan plan = models.plan("");
    assertThat(TokenModels.model(plan, "b").tensors().get(EMBEDDING)).isInstanceOf(Stored.class);
    assertThat(plan.edits()).isEmpty();
    assertThat(plan.notices()).isEmpty();
    assertThat(models.store().count(Request.READ)).isZero();
  }

  @Test
  void modelsOfOneVocabularyStayAsTheyAreStored() throws IOException {
    for (String name : List.of("a", "b")) {
      models.model(name, 3, words("<s>", "the", "cat").special("<s>"));
    }
    VocabularyPlan plan = models.plan("tokenizer_source: union\n");
    for (String name : List.of("a", "b")) {
      assertThat(TokenModels.model(plan, name).tensors().values())
          .allMatch(source -> source instanceof Stored);
    }
    assertThat(plan.notices()).isEmpty();
    assertThat(plan.files().applied(List.of())).isEmpty();
  }

  @Test
  void theUnionTakesRowsFromWhoHasThem() throws IOException {
    twoChatModels();
    VocabularyPlan plan = models.plan("tokenizer_source: union\n");
    assertThat(rows(plan, "a", EMBEDDING)).containsExactly("a 0", "a 1", "a 2", "b 3", "mean");
    assertThat(rows(plan, "b", EMBEDDING)).containsExactly("b 0", "b 1", "b 2", "b 3", "b 4");
    assertThat(rows(plan, "c", HEAD)).containsExactly("c 0", "c 1", "c 2", "b 3", "c 3");
    assertThat(TokenModels.model(plan, "b").tensors().get(EMBEDDING)).isInstanceOf(Stored.class);
    assertThat(config(plan).whole("vocab_size", 0)).isEqualTo(5);
    assertThat(plan.notices())
        .containsExactly(
            "models that lack tokens of the result take rows for them from others that have them: a of 2 tokens, c of 1 token");
  }

  @Test
  void whatTheBaseModelHasOthersTakeFromIt() throws IOException {
    models.model("a", 3, words("<s>", "the", "cat").special("<s>"));
    models.model("b", 4, words("<s>", "the", "cat").special("<s>", "<|y|>"));
    models.model("base", 4, words("<s>", "the", "cat").special("<s>", "<|y|>"));
    String recipe =
        """
        merge_method: task_arithmetic
        base_model: base
        models:
          - {model: a, parameters: {weight: 1}}
          - {model: b, parameters: {weight: 1}}
        tokenizer_source: union
        """;
    VocabularyPlan plan = models.plan(recipe, List.of("a", "b", "base"));
    assertThat(rows(plan, "a", EMBEDDING)).containsExactly("a 0", "a 1", "a 2", "base 3");
  }

  @Test
  void theBaseVocabularyLeavesOutWhatOthersAdd() throws IOException {
    twoChatModels();
    VocabularyPlan plan = models.plan("tokenizer_source: base\n");
    assertThat(rows(plan, "b", EMBEDDING)).containsExactly("b 0", "b 1", "b 2");
    assertThat(config(plan).whole("vocab_size", 0)).isEqualTo(3);
  }

  @Test
  void anotherModelsVocabularyMovesRows() throws IOException {
    models.model("a", 3, words("x", "y", "z"));
    models.model("b", 3, words("z", "x", "y"));
    VocabularyPlan plan = models.plan("tokenizer_source: ./b\n");
    assertThat(rows(plan, "a", EMBEDDING)).containsExactly("a 2", "a 0", "a 1");
    assertThat(TokenModels.model(plan, "b").tensors().get(EMBEDDING)).isInstanceOf(Stored.class);
    assertThat(models.file(plan, "a", "tokenizer.json")).contains(words("z", "x", "y").json());
  }

  @Test
  void theVocabularyMayBeOfAModelThatIsNotMerged() throws IOException {
    models.model("a", 3, words("x", "y", "z"));
    models.model("b", 3, words("x", "y", "z"));
    models.model("out", 9, words("y", "x")).file("tokenizer_config.json", "{\"k\": 1}");
    VocabularyPlan plan =
        models.plan(
            """
            merge_method: linear
            parameters: {weight: 1}
            models: [{model: a}, {model: b}]
            tokenizer_source: out
            """,
            List.of("a", "b"));
    assertThat(rows(plan, "a", EMBEDDING)).containsExactly("a 1", "a 0");
    assertThat(models.file(plan, "a", "tokenizer_config.json")).contains("{\"k\": 1}");
  }

  @Test
  void aTokenThatNoModelHasIsRefused() {
    models.model("a", 3, words("x", "y", "z"));
    models.model("b", 3, words("x", "y", "z"));
    assertThatThrownBy(() -> models.plan("tokenizer: {tokens: {<|new|>: {}, <|n2|>: {}}}\n"))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "recipe.yml:6: no model has a row for 2 tokens of the result: '<|new|>', '<|n2|>'. Say under"
                + " `tokens` where it is from: `source: {kind: zero}`, or a model's token");
  }

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
        "{source: nobody}! nobody gives the row of a token, and is no model of this merge; name one that is",
        "{source: b}! the row of '<|n|>' is to be that of '<|n|>' in b, whose tokenizer has no such token",
        "{source: {kind: model_token, model: b, token_id: 5}}! the row of '<|n|>' is to be row 5 of b, and lm_head.weight has 5 rows there"
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
            "embeddings have 3 rows, one for each token, and a had 8: `pad: keep` under `tokenizer` keeps those that no token has");
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
  void tokensBeyondTheVocabularySizeLeaveTheTokenizer() throws IOException {
    models
        .model("a", 3, words("x", "y", "z").special("<|u|>", "<|v|>"))
        .file(
            "tokenizer_config.json",
            """
            {"added_tokens_decoder": {"3": {"content": "<|u|>"}, "4": {"content": "<|v|>"}},
             "pad_token": "<|u|>", "eos_token": {"content": "z"},
             "additional_special_tokens": ["<|v|>", "y", {"content": "<|u|>"}], "n": 1e30}
            """)
        .file("tokenizer.model", "old")
        .file("added_tokens.json", "{}");
    models.model("b", 3, words("x", "y", "z"));
    VocabularyPlan plan = models.plan("tokenizer_source: base\n");
    assertThat(models.file(plan, "a", "tokenizer.json").orElseThrow()).doesNotContain("<|u|>");
    assertThat(models.file(plan, "a", "tokenizer_config.json").orElseThrow())
        .isEqualTo(
            """
            {
              "added_tokens_decoder": {},
              "eos_token": {
                "content": "z"
              },
              "additional_special_tokens": [
                "y"
              ],
              "n": 1.0E30
            }
            """);
    assertThat(models.file(plan, "a", "tokenizer.model")).isEmpty();
    assertThat(models.file(plan, "a", "added_tokens.json")).isEmpty();
    assertThat(plan.notices())
        .containsExactly(
            "2 tokens beyond the vocab_size of /m/a/tokenizer.json, for which it has no rows, leave the tokenizer: '<|u|>', '<|v|>'",
            "the tokenizer has no pad_token (<|u|>) any more: the result has no such token");
  }

  @Test
  void appendedTokensStandInTheTokenizersConfigurationToo() throws IOException {
    models
        .model("a", 3, words("x", "y", "z"))
        .file("tokenizer_config.json", "{\"added_tokens_decoder\": {}, \"bos_token\": \"x\"}")
        .file("vocab.json", "{}")
        .file("merges.txt", "");
    models.model("b", 4, words("x", "y", "z").special("<|t|>"));
    VocabularyPlan plan = models.plan("tokenizer_source: union\n");
    assertThat(models.file(plan, "a", "tokenizer_config.json").orElseThrow())
        .contains(
            "\"3\": {", "\"content\": \"<|t|>\"", "\"special\": true", "\"bos_token\": \"x\"");
    assertThat(models.file(plan, "a", "vocab.json")).isEmpty();
    assertThat(models.file(plan, "a", "merges.txt")).isEmpty();
  }

  @Test
  void slowFilesStayWhereTheTokenizerDoes() throws IOException {
    models.model("a", 3, words("x", "y", "z")).file("tokenizer.model", "spm");
    models.model("b", 4, words("x", "y", "z").special("<|t|>"));
    VocabularyPlan plan = models.plan("tokenizer_source: base\n");
    assertThat(models.file(plan, "a", "tokenizer.model")).contains("spm");
  }

  @Test
  void filesOfTheDonorsTokenizerGoWhereAnothersIsTaken() throws IOException {
    models
        .model("a", 3, words("x", "y", "z"))
        .file("vocab.txt", "a's")
        .file("generation_config.json", "{\"temperature\": 0.5}");
    models.model("b", 3, words("x", "y", "z")).file("special_tokens_map.json", "{\"s\": \"b\"}");
    VocabularyPlan plan = models.plan("tokenizer_source: b\n");
    assertThat(models.file(plan, "a", "vocab.txt")).isEmpty();
    assertThat(models.file(plan, "a", "special_tokens_map.json")).contains("{\"s\": \"b\"}");
    assertThat(models.file(plan, "a", "generation_config.json")).contains("{\"temperature\": 0.5}");
  }

  @Test
  void ordinaryTokensOfTheUnionAreCountedAndTold() throws IOException {
    models.model("a", 2, words("x", "y").merges("x y"));
    models.model("b", 5, words("x", "y", "Ġhello", "ing", "zz").merges("x y"));
    VocabularyPlan plan = models.plan("tokenizer_source: union\n");
    assertThat(plan.notices().get(0))
        .isEqualTo(
            "the union has 3 ordinary tokens that only other models cut text into, and they are found as whole words alone, before text is cut: 'Ġhello', 'ing', 'zz'. Of these, 1 is never found, for no text has their signs; the others change how text is cut. With `tokenizer_source: base` they are left out");
  }

  @Test
  void ordinaryTokensComeBeforeAddedOnesAndWhatAnyModelAddsIsAdded() throws IOException {
    models.model("a", 1, words("x"));
    models.model("b", 3, words("x", "q").special("<|b|>"));
    models.model("c", 4, words("x", "<|b|>", "r").plain("<|c|>"));
    VocabularyPlan plan = models.plan("tokenizer_source: union\n");
    String file = models.file(plan, "a", "tokenizer.json").orElseThrow();
    assertThat(TokenizerFile.parse("m", file.getBytes(UTF_8)).tokens().all())
        .containsExactly("x", "q", "r", "<|b|>", "<|c|>");
  }

  @Test
  void theFirstDefinitionOfAnAddedTokenCountsAndOthersAreTold() throws IOException {
    models.model("a", 2, words("x").special("<|t|>"));
    models.model("b", 2, words("x").plain("<|t|>"));
    VocabularyPlan plan = models.plan("tokenizer_source: union\n");
    assertThat(plan.notices())
        .containsExactly("'<|t|>' is special first, and not special, normalized in b");
  }

  @Test
  void aModelWithoutATokenizerIsRefused() {
    models.model("a", 3, words("x", "y", "z"));
    models.model("b", 3, words("x", "y", "z")).without("tokenizer.json").file("vocab.json", "{}");
    assertThatThrownBy(() -> models.plan("tokenizer_source: base\n"))
        .hasMessage(
            "recipe.yml:1: b: it has no tokenizer.json (only vocab.json), and without one nobody knows which row is whose. Fetch it, or make it: AutoTokenizer.from_pretrained('b').save_pretrained('b')");
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
            "recipe.yml:1: b has 3 tokens, and no tensor that is known to have a row for each; name them in `vocab-tensors`, a list of regular expressions");
  }

  @Test
  void aDoubtfulTensorIsAskedAboutOnlyIfRowsMove() throws IOException {
    models.model("a", 3, words("x", "y", "z")).tensor("score_table", 3, 9);
    models.model("b", 3, words("x", "y", "z")).tensor("score_table", 3, 9);
    assertThat(models.plan("tokenizer_source: base\n").notices()).isEmpty();

    models.model("b", 3, words("z", "x", "y")).tensor("score_table", 3, 9);
    assertThatThrownBy(() -> models.plan("tokenizer_source: base\n"))
        .hasMessage(
            "recipe.yml:6: rows of b move, and it has tensors with as many rows whose names tell nothing: score_table. List those with a row for each token in `vocab-tensors`, as regular expressions; `vocab-tensors: []` if there is none");
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
            "recipe.yml:1: `vocab-tensors` names tensors of a without a row for each of 3 tokens: score_table is [5, 9]");
  }

  @Test
  void rowsOfAnotherWidthAreRefused() {
    models.model("a", 3, words("x", "y", "z"));
    models.model("b", 4, words("x", "y", "z").special("<|t|>")).tensor(EMBEDDING, 4, 6);
    assertThatThrownBy(() -> models.plan("tokenizer_source: union\n"))
        .hasMessageStartingWith(
            "a takes rows for its model.embed_tokens.weight (BF16 [3, 4]) from model.embed_tokens.weight of b (BF16 [4, 6]), and they do not fit.");
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
            "{\"vocab_size\": 3, \"bos_token_id\": 0, \"eos_token_id\": 1, \"pad_token_id\": 2, \"image_token_index\": 1, \"x\": null}")
        .file(
            "generation_config.json",
            "{\"eos_token_id\": [1, 2], \"bos_token_id\": 0, \"top_k\": 5, \"decoder_start_token_id\": 2}");
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

  // chat templates

  @Test
  void theMostFrequentTemplateIsTaken() throws IOException {
    models.model("a", 1, words("x")).file("chat_template.jinja", "{{ one }}");
    models.model("b", 1, words("x")).file("chat_template.jinja", "  {{ two }}\n");
    models
        .model("c", 1, words("x"))
        .file("tokenizer_config.json", "{\"chat_template\": \"{{ two }}\"}");
    VocabularyPlan plan = models.plan("chat_template: auto\n");
    assertThat(models.file(plan, "a", "chat_template.jinja")).contains("{{ two }}");
  }

  @Test
  void ofEquallyManyTheFirstIsTakenTheBaseBeforeAll() throws IOException {
    models.model("a", 1, words("x")).file("chat_template.jinja", "{{ one }}");
    models.model("b", 1, words("x")).file("chat_template.jinja", "{{ two }}");
    assertThat(models.file(models.plan("chat_template: auto\n"), "a", "chat_template.jinja"))
        .contains("{{ one }}");
    String recipe =
        "merge_method: linear\nbase_model: b\nmodels: [{model: a, parameters: {weight: 1}}, {model: b, parameters: {weight: 1}}]\nchat_template: auto\n";
    assertThat(models.file(models.plan(recipe, List.of("a", "b")), "b", "chat_template.jinja"))
        .contains("{{ two }}");
  }

  @Test
  void nobodyHasATemplateAndThatIsTold() throws IOException {
    models.model("a", 1, words("x"));
    models.model("b", 1, words("x"));
    VocabularyPlan plan = models.plan("chat_template: auto\n");
    assertThat(plan.notices())
        .containsExactly("chat_template is auto, and no model has a chat template: there is none");
    assertThat(models.file(plan, "a", "chat_template.jinja")).isEmpty();
  }

  @Test
  void aTemplateStandsInOnePlaceAndOthersBesideIt() throws IOException {
    models
        .model("a", 1, words("x"))
        .file(
            "tokenizer_config.json",
            "{\"chat_template\": [{\"name\": \"default\", \"template\": \"{{ old }}\"}, {\"name\": \"rag\", \"template\": \"{{ rag }}\"}, {\"name\": \"../x\", \"template\": \"no\"}], \"k\": 1}")
        .file("chat_template.json", "{\"chat_template\": \"{{ oldest }}\"}");
    models.model("b", 1, words("x"));
    VocabularyPlan plan =
        models.plan("chat_template: \"{% for m in messages %}{{ m }}{% endfor %}\"\n");
    assertThat(models.file(plan, "a", "chat_template.jinja"))
        .contains("{% for m in messages %}{{ m }}{% endfor %}");
    assertThat(models.file(plan, "a", "tokenizer_config.json")).contains("{\n  \"k\": 1\n}\n");
    assertThat(models.file(plan, "a", "chat_template.json")).isEmpty();
    assertThat(models.file(plan, "a", "additional_chat_templates/rag.jinja")).contains("{{ rag }}");
    assertThat(models.file(plan, "a", "additional_chat_templates/../x.jinja")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"chatml", "llama3", "exaone"})
  void controlTokensThatTheVocabularyLacksAreTold(String name) throws IOException {
    models.model("a", 1, words("x"));
    models.model("b", 1, words("x"));
    VocabularyPlan plan = models.plan("chat_template: %s\n".formatted(name));
    assertThat(plan.notices()).hasSize(1);
    assertThat(plan.notices().get(0))
        .startsWith("the chat template writes ")
        .contains("and the tokenizer has no such tokens: they are cut into pieces");
  }

  @Test
  void controlTokensThatTheVocabularyHasAreNotTold() throws IOException {
    models.model("a", 3, words("x").special("<|im_start|>", "<|im_end|>"));
    models.model("b", 1, words("x"));
    assertThat(models.plan("chat_template: chatml\n").notices()).isEmpty();
    assertThat(models.plan("chat_template: alpaca\n").notices()).isEmpty();
    assertThat(models.plan("chat_template: mistral\n").notices()).isEmpty();
  }

  @Test
  void aTemplateThatComesWithTheTokenizerIsCheckedToo() throws IOException {
    models
        .model("a", 1, words("x"))
        .file("chat_template.jinja", "{{ '<|im_start|>' + messages[0] + '<end_of_turn>' }}");
    models.model("b", 1, words("x"));
    assertThat(models.plan("tokenizer_source: base\n").notices())
        .containsExactly(
            "the chat template writes <|im_start|>, <end_of_turn>, and the tokenizer has no such tokens: they are cut into pieces, and answers may be garbage. Take the tokenizer of a model that has them, or another chat_template");
  }

  @Test
  void aTemplateIsSetAlsoWhereTheTokenizerCannotBeRead() throws IOException {
    models.model("a", 1, words("x")).without("tokenizer.json");
    models.model("b", 1, words("x"));
    VocabularyPlan plan = models.plan("chat_template: chatml\n");
    assertThat(models.file(plan, "a", "chat_template.jinja").orElseThrow())
        .contains("<|im_start|>");
    assertThat(plan.notices().get(0))
        .startsWith("whether the tokenizer has the tokens of the chat template is not known: a: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"alpaca", "chatml", "exaone", "llama3", "mistral"})
  void builtInTemplatesAreThere(String name) throws IOException {
    models.model("a", 1, words("x"));
    models.model("b", 1, words("x"));
    VocabularyPlan plan = models.plan("chat_template: %s\n".formatted(name));
    assertThat(models.file(plan, "a", "chat_template.jinja").orElseThrow())
        .contains("message['content']", "{%- for message in ");
  }

  @Test
  void controlTokensAreFoundInTheOrderOfTheTemplate() {
    assertThat(
            ControlTokens.of(
                "{{ '<|a|>' + x }}<｜User｜>[|end|] <start_of_turn>{% if a <|b %}|>{% endif %}<s></s>[INST]<b>"))
        .isEqualTo(Set.of("<|a|>", "<｜User｜>", "[|end|]", "<start_of_turn>", "<s>", "</s>"));
  }

  @Test
  void theTokensOfABaseWithoutAnyChangeNothingWhereNobodyHasSome() throws IOException {
    for (String name : List.of("a", "b")) {
      models
          .bare(name)
          .config("{\"vocab_size\": 3}")
          .tensor(EMBEDDING, 3, 4)
          .tensor("model.layers.0.mlp.up_proj.weight", 4, 4);
    }
    VocabularyPlan plan = models.plan("tokenizer_source: base\n");

    assertThat(plan.models().values())
        .allSatisfy(model -> assertThat(model.tensors().get(EMBEDDING)).isInstanceOf(Stored.class));
    assertThat(plan.edits()).isEmpty();
    assertThat(plan.notices())
        .singleElement()
        .asString()
        .contains("and no model has one", "as if all had the same tokens");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tokenizer_source: union\n",
        "tokenizer: {source: base, pad_to_multiple_of: 8}\n",
        "tokenizer: {source: base, tokens: {x: {source: zero}}}\n"
      })
  void whatCannotBeDoneWithoutTokensIsRefused(String said) {
    models.bare("a").config("{\"vocab_size\": 3}").tensor(EMBEDDING, 3, 4);
    models.bare("b").config("{\"vocab_size\": 3}").tensor(EMBEDDING, 3, 4);

    assertThatThrownBy(() -> models.plan(said)).isInstanceOf(UserException.class);
  }

  @Test
  void aBaseWithoutTokensIsRefusedWhereOthersHaveSome() {
    models.bare("a").config("{\"vocab_size\": 3}").tensor(EMBEDDING, 3, 4);
    models.model("b", 3, words("<s>", "the", "cat"));

    assertThatThrownBy(() -> models.plan("tokenizer_source: base\n"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("a: it has no tokenizer.json");
  }
}
