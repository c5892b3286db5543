package dev.stockpot.merge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A base, adapters for it, and merges of them. */
abstract class AdapterCases {
  static final String Q = "model.layers.0.self_attn.q_proj";
  static final String EMBEDDING = "model.embed_tokens";
  static final int D = 24;
  static final int TOKENS = 20;
  @TempDir Path folder;
  Path base;

  @BeforeEach
  void writeABase() throws IOException {
    base = model("base", 0);
  }

  Path model(String name, int fineTune) throws IOException {
    return ModelFolder.at(folder.resolve(name))
        .file(
            "config.json",
            """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "num_hidden_layers": 1,
             "hidden_size": 24, "vocab_size": 20, "tie_word_embeddings": false}\
            """)
        .file("tokenizer.json", "{\"of\": \"the base\"}")
        .file("tokenizer.model", "slow, of the base")
        .file("chat_template.jinja", "the base's")
        .bfloats(EMBEDDING + ".weight", fineTune, TOKENS, D)
        .bfloats(Q + ".weight", fineTune, D, D)
        .bfloats(Q + ".bias", fineTune, D)
        .bfloats("model.layers.0.mlp.up_proj.weight", fineTune, 40, D)
        .bfloats("lm_head.weight", fineTune, TOKENS, D)
        .write();
  }

  static float[] numbers(String name, int count) {
    Random random = new Random(name.hashCode());
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian() / 8;
    }
    return numbers;
  }

  ModelFolder adapterAt(String name) throws IOException {
    return ModelFolder.at(folder.resolve(name));
  }

  static ModelFolder pair(ModelFolder to, String module, int rank, int out, int in) {
    return to.matrix(
            "base_model.model." + module + ".lora_A.weight",
            numbers(module + "a" + rank, rank * in),
            rank,
            in)
        .matrix(
            "base_model.model." + module + ".lora_B.weight",
            numbers(module + "b" + rank, rank * out),
            out,
            rank);
  }

  Path plainAdapter(String name) throws IOException {
    ModelFolder adapter = adapterAt(name);
    pair(adapter, Q, 4, D, D);
    pair(adapter, "model.layers.0.mlp.up_proj", 4, 40, D);
    return adapter.adapter(
        "\"r\": 4, \"lora_alpha\": 8, \"base_model_name_or_path\": \"org/base\"");
  }

  CommandLineRun run(String recipe, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    Object[] words = new Object[5 + more.length];
    System.arraycopy(
        new Object[] {"merge", file, folder.resolve("out"), "--set", "model-root=" + folder},
        0,
        words,
        0,
        5);
    System.arraycopy(more, 0, words, 5, more.length);
    return CommandLineRun.of(words);
  }

  static String passthrough(String model) {
    return "merge_method: passthrough\nmodels:\n- model: %s\n".formatted(model);
  }
}
