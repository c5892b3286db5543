package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What mergekit's own tests expect of tokenizers and chat templates, said of the same models: one
 * of 64 pieces, one with two tokens for chat behind them, one with four that have no rows.
 */
class MergekitTokenizersTest {
  private static final int PIECES = 64;
  private static final int WIDTH = 4;
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final String CONTROL = "<unk> <s> </s>";
  private static final String CHAT = "<|im_start|> <|im_end|>";
  private static final String UNUSED = "<UNUSED_0> <UNUSED_1> <UNUSED_2> <UNUSED_3>";

  @TempDir private Path folder;

  @BeforeEach
  void models() throws IOException {
    model("base", PIECES, 1, "");
    model("chat", PIECES + 2, 1_000, CHAT);
    model("padded", PIECES, 1_000_000, UNUSED);
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }

  private void model(String name, int rows, float scale, String more) throws IOException {
    List<String> pieces = new ArrayList<>(words(CONTROL));
    for (int id = pieces.size(); id < PIECES; id++) {
      pieces.add("_tok_" + id);
    }
    List<String> entries = new ArrayList<>();
    pieces.forEach(piece -> entries.add("\"%s\": %s".formatted(piece, entries.size())));
    List<String> added = new ArrayList<>();
    words(CONTROL).forEach(token -> added.add(token(added.size(), token, true)));
    int behind = PIECES - added.size();
    words(more).forEach(token -> added.add(token(behind + added.size(), token, false)));
    ModelFolder.at(folder.resolve(name))
        .file("config.json", "{\"model_type\": \"llama\", \"vocab_size\": %s}".formatted(rows))
        .file(
            "tokenizer.json",
            "{\"version\": \"1.0\", \"added_tokens\": [%s], \"model\": {\"type\": \"BPE\", \"vocab\": {%s}, \"merges\": []}}"
                .formatted(String.join(", ", added), String.join(", ", entries)))
        .tensor(EMBEDDING, DType.F32, rows(rows, scale), rows, WIDTH)
        .floats("model.norm.weight", 1, 2)
        .write();
  }

  private static String token(int id, String content, boolean isSpecial) {
    return "{\"id\": %s, \"content\": \"%s\", \"single_word\": false, \"lstrip\": false, \"rstrip\": false, \"normalized\": %s, \"special\": %s}"
        .formatted(id, content, !isSpecial, isSpecial);
  }

  private static byte[] rows(int rows, float scale) {
    ByteBuffer bytes =
        ByteBuffer.allocate(rows * WIDTH * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows * WIDTH; i++) {
      bytes.putFloat(scale * (1 + i / WIDTH));
    }
    return bytes.array();
  }

  private static String linear(String options, String... models) {
    StringBuilder recipe = new StringBuilder("merge_method: linear\n");
    recipe.append("base_model: %s\nmodels:\n".formatted(models[0]));
    for (String model : models) {
      recipe.append("  - {model: %s, parameters: {weight: 1}}\n".formatted(model));
    }
    return recipe.append("dtype: float32\n") + options;
  }

  private CommandLineRun merge(String recipe) throws IOException {
    return CommandLineRun.merging(folder, "out", recipe);
  }

  private JsonObject json(String file) throws Exception {
    return Json.parse(Files.readAllBytes(folder.resolve(file))).object().orElseThrow();
  }

  /** Ids by token, of pieces and added ones. */
  private Map<String, Integer> vocabulary(String model) throws Exception {
    JsonObject tokenizer = json(model + "/tokenizer.json");
    JsonObject pieces = tokenizer.object("model").orElseThrow().object("vocab").orElseThrow();
    Map<String, Integer> ids = new HashMap<>();
    pieces.fields().keySet().forEach(piece -> ids.put(piece, (int) pieces.whole(piece, -1)));
    tokenizer
        .objects("added_tokens")
        .forEach(token -> ids.put(token.text("content"), (int) token.whole("id", -1)));
    return ids;
  }

  private int addedTokens() throws Exception {
    return json("out/tokenizer.json").objects("added_tokens").size();
  }

  private double[] row(String model, String token) throws Exception {
    int id = vocabulary(model).get(token);
    double[] values = new Tensors(folder.resolve(model)).values(EMBEDDING);
    return Arrays.copyOfRange(values, id * WIDTH, (id + 1) * WIDTH);
  }

  @Test
  void withoutATokenizerSourceTheTokenizerIsTheBases() throws Exception {
    merge(linear("", "base", "padded")).succeeds();
    assertThat(vocabulary("out")).isEqualTo(vocabulary("base")).hasSize(PIECES);
    assertThat(addedTokens()).isEqualTo(3);
  }

  @Test
  void withoutATokenizerSourceRowsOfAnotherNumberAreRefusedAndNotCropped() throws Exception {
    CommandLineRun run = merge(linear("", "base", "chat"));
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("tokenizer_source");
  }

  @Test
  void theSourceBaseIsTheSameOnAnotherWay() throws Exception {
    merge(linear("tokenizer_source: base\n", "base", "padded", "chat")).succeeds();
    assertThat(vocabulary("out")).isEqualTo(vocabulary("base")).hasSize(PIECES);
    assertThat(addedTokens()).isEqualTo(3);
  }

  @Test
  void theUnionHasEveryTokenThatSomeModelUsesAndNoneThatNobodyDoes() throws Exception {
    merge(linear("tokenizer_source: union\n", "base", "padded", "chat")).succeeds();
    assertThat(vocabulary("out"))
        .hasSize(PIECES + 2)
        .containsKeys(CHAT.split(" "))
        .doesNotContainKeys(UNUSED.split(" "));
    assertThat(addedTokens()).isEqualTo(5);
    for (String token : words(CHAT)) {
      assertThat(row("out", token)).as(token).containsExactly(row("chat", token));
    }
  }

  @Test
  void theTokenizerOfAModelThatIsNamedIsThatModels() throws Exception {
    merge(linear("tokenizer_source: chat\n", "base", "padded", "chat")).succeeds();
    assertThat(vocabulary("out")).isEqualTo(vocabulary("chat")).hasSize(PIECES + 2);
  }

  @Test
  void aSphereBetweenTwoModelsHasTheirUnion() throws Exception {
    merge(
            """
            merge_method: slerp
            base_model: base
            models: [{model: base}, {model: chat}]
            parameters: {t: 0.5}
            tokenizer_source: union
            """)
        .succeeds();
    assertThat(vocabulary("out")).hasSize(PIECES + 2).containsKeys(CHAT.split(" "));
  }

  @Test
  void aTokenIsForcedOnModelsThatHaveIt() throws Exception {
    String options =
        """
        tokenizer:
          source: union
          tokens:
            _tok_10: {source: chat, force: true}
            _tok_11: {source: base, force: true}
        """;
    merge(linear(options, "base", "chat")).succeeds();
    assertThat(vocabulary("out")).hasSize(PIECES + 2).containsKeys(CHAT.split(" "));
    assertThat(row("out", "_tok_10")).containsExactly(row("chat", "_tok_10"));
    assertThat(row("out", "_tok_11")).containsExactly(row("base", "_tok_11"));
  }

  @Test
  void aRowIsNamedByTheIdOrTheTextOfATokenOfAModel() throws Exception {
    String options =
        """
        tokenizer:
          source: base
          tokens:
            _tok_20: {source: {kind: model_token, model: chat, token_id: 64}, force: true}
            _tok_21: {source: {kind: model_token, model: base, token: <s>}, force: true}
        """;
    merge(linear(options, "base", "chat")).succeeds();
    assertThat(vocabulary("out")).hasSize(PIECES).containsKey("_tok_10");
    assertThat(row("out", "_tok_20")).containsExactly(row("chat", "<|im_start|>"));
    assertThat(row("out", "_tok_21")).containsExactly(row("base", "<s>"));
  }

  @Test
  void rowsAreRoundedUpToAMultipleAndTokensAreNot() throws Exception {
    merge(linear("tokenizer: {source: base, pad_to_multiple_of: 16}\n", "chat")).succeeds();
    assertThat(json("out/config.json").whole("vocab_size", 0)).isEqualTo(80);
    assertThat(new Tensors(folder.resolve("out")).values(EMBEDDING)).hasSize(80 * WIDTH);
    assertThat(vocabulary("out")).hasSize(PIECES + 2).containsKeys(CHAT.split(" "));
  }

  @Test
  void aTemplateIsSetByItsName() throws Exception {
    merge(linear("chat_template: chatml\n", "base", "padded")).succeeds();
    assertThat(folder.resolve("out/chat_template.jinja")).content().contains("<|im_start|>");
  }

  @Test
  void aTemplateIsSetInItsOwnWords() throws Exception {
    String literal = "{{messages[0]['content']}}";
    merge(linear("chat_template: \"" + literal + "\"\n", "base", "padded")).succeeds();
    assertThat(folder.resolve("out/chat_template.jinja")).hasContent(literal);
  }

  @Test
  void withoutATemplateTheResultHasNone() throws Exception {
    merge(linear("", "base", "padded")).succeeds();
    assertThat(folder.resolve("out/chat_template.jinja")).doesNotExist();
  }
}
