package dev.stockpot.merge.vocabulary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.storage.MemoryStore.Request;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models have one vocabulary, row by row, and the result has a tokenizer that says the same. */
class VocabulariesTest extends VocabularyCases {
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
            "models that lack tokens of the result take rows for them from others that have them: a"
                + " of 2 tokens, c of 1 token");
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
            "recipe.yml:6: no model has a row for 2 tokens of the result: '<|new|>', '<|n2|>'. Say"
                + " under `tokens` where it is from: `source: {kind: zero}`, or a model's token");
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
            "2 tokens beyond the vocab_size of /m/a/tokenizer.json, for which it has no rows, leave"
                + " the tokenizer: '<|u|>', '<|v|>'",
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
            "the union has 3 ordinary tokens that only other models cut text into, and they are"
                + " found as whole words alone, before text is cut: 'Ġhello', 'ing', 'zz'. Of"
                + " these, 1 is never found, for no text has their signs; the others change how"
                + " text is cut. With `tokenizer_source: base` they are left out");
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
            "recipe.yml:1: b: it has no tokenizer.json (only vocab.json), and without one nobody"
                + " knows which row is whose. Fetch it, or make it:"
                + " AutoTokenizer.from_pretrained('b').save_pretrained('b')");
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
