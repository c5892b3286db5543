package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An adapter that was trained with tokens of its own, in a merge of several vocabularies. */
class AdapterTokensTest {
  private static final String Q = "model.layers.0.self_attn.q_proj";
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final int D = 8;
  private static final int TOKENS = 12;

  @TempDir private Path folder;

  @BeforeEach
  void writeModels() throws IOException {
    model("base", "word", 1);
    model("other", "mot", 2);
  }

  private void model(String name, String prefix, int fineTune) throws IOException {
    ModelFolder.at(folder.resolve(name))
        .file(
            "config.json",
            """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "num_hidden_layers": 1,
             "hidden_size": 8, "vocab_size": 12, "tie_word_embeddings": false}""")
        .file("tokenizer.json", tokenizer(prefix))
        .bfloats(EMBEDDING, fineTune, TOKENS, D)
        .bfloats(Q + ".weight", fineTune, D, D)
        .bfloats("lm_head.weight", fineTune, TOKENS, D)
        .write();
  }

  /** Four words that all models have, and others of its own; behind them added tokens. */
  private static String tokenizer(String prefix, String... added) {
    String vocabulary =
        IntStream.range(0, TOKENS)
            .mapToObj(id -> "\"%s%s\": %s".formatted(id < 4 ? "shared" : prefix, id, id))
            .collect(Collectors.joining(", "));
    String tokens =
        IntStream.range(0, added.length)
            .mapToObj(
                i ->
                    "{\"id\": %s, \"content\": \"%s\", \"single_word\": false, \"lstrip\": false, \"rstrip\": false, \"normalized\": false, \"special\": true}"
                        .formatted(TOKENS + i, added[i]))
            .collect(Collectors.joining(", "));
    return "{\"version\": \"1.0\", \"added_tokens\": [%s], \"model\": {\"type\": \"WordLevel\", \"vocab\": {%s}, \"unk_token\": \"shared0\"}}"
        .formatted(tokens, vocabulary);
  }

  private static float[] numbers(int seed, int count) {
    Random random = new Random(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian() / 8;
    }
    return numbers;
  }

  /** A LoRA whose training added two tokens to the vocabulary. */
  private void adapter() throws IOException {
    int rows = TOKENS + 2;
    ModelFolder.at(folder.resolve("lora"))
        .file("tokenizer.json", tokenizer("word", "<|tool|>", "<|end|>"))
        .matrix("base_model.model." + Q + ".lora_A.weight", numbers(1, 2 * D), 2, D)
        .matrix("base_model.model." + Q + ".lora_B.weight", numbers(2, 2 * D), D, 2)
        .matrix("base_model.model." + EMBEDDING, numbers(3, rows * D), rows, D)
        .matrix("base_model.model.lm_head.weight", numbers(4, rows * D), rows, D)
        .adapter("\"r\": 2, \"modules_to_save\": [\"embed_tokens\", \"lm_head\"]");
  }

  private Path merged(String recipe, String name) throws IOException {
    Path file = Files.writeString(folder.resolve(name + ".yml"), recipe);
    Path out = folder.resolve(name);
    CommandLineRun.of("merge", file, out, "--set", "model-root=" + folder).succeeds();
    return out;
  }

  private static String linear(String first, String source) {
    return """
    merge_method: linear
    models:
    - {model: %s, parameters: {weight: 0.5}}
    - {model: other, parameters: {weight: 0.5}}
    dtype: float32
    tokenizer_source: %s
    """
        .formatted(first, source);
  }

  private static void areEqual(Path a, Path b) throws IOException {
    Tensors one = new Tensors(a);
    Tensors other = new Tensors(b);
    assertThat(one.checkpoint().tensors().keySet())
        .isEqualTo(other.checkpoint().tensors().keySet());
    for (TensorInfo tensor : one.checkpoint().tensors().values()) {
      assertThat(one.bytes(tensor.name())).as(tensor.name()).isEqualTo(other.bytes(tensor.name()));
    }
    assertThat(a.resolve("tokenizer.json")).hasSameTextualContentAs(b.resolve("tokenizer.json"));
    assertThat(a.resolve("config.json")).hasSameTextualContentAs(b.resolve("config.json"));
  }

  private Path baked() throws IOException {
    return merged("merge_method: passthrough\nmodels: [{model: base+lora}]\n", "baked");
  }

  @Test
  void theUnionHasTheTokensOfTheAdapter() throws IOException {
    adapter();
    Path union = merged(linear("base+lora", "union"), "union");
    int tokens = 4 + 8 + 8 + 2;
    assertThat(new Tensors(union).checkpoint().tensors().get(EMBEDDING).shape())
        .isEqualTo(Shape.of(tokens, D));
    assertThat(union.resolve("tokenizer.json")).content().contains("<|tool|>", "<|end|>", "mot7");
    assertThat(union.resolve("config.json")).content().contains("\"vocab_size\": " + tokens);
    areEqual(union, merged(linear(baked().toString(), "union"), "after"));
  }

  @Test
  void theOtherModelsVocabularyLeavesThemOut() throws IOException {
    adapter();
    Path others = merged(linear("base+lora", "other"), "others");
    assertThat(new Tensors(others).checkpoint().tensors().get(EMBEDDING).shape())
        .isEqualTo(Shape.of(TOKENS, D));
    assertThat(others.resolve("tokenizer.json"))
        .hasSameTextualContentAs(folder.resolve("other/tokenizer.json"));
    areEqual(others, merged(linear(baked().toString(), "other"), "after"));
  }

  @Test
  void anAdapterWithoutTokensTakesThoseOfItsBase() throws IOException {
    ModelFolder.at(folder.resolve("lora"))
        .matrix("base_model.model." + Q + ".lora_A.weight", numbers(1, 2 * D), 2, D)
        .matrix("base_model.model." + Q + ".lora_B.weight", numbers(2, 2 * D), D, 2)
        .adapter("\"r\": 2");
    Path union = merged(linear("base+lora", "union"), "union");
    assertThat(new Tensors(union).checkpoint().tensors().get(EMBEDDING).shape())
        .isEqualTo(Shape.of(4 + 8 + 8, D));
    areEqual(union, merged(linear(baked().toString(), "union"), "after"));
  }
}
