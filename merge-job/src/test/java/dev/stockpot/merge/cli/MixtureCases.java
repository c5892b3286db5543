package dev.stockpot.merge.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Models that mixtures are made of, and their merges. */
abstract class MixtureCases {
  static final String ZERO =
      "base_model: base\ngate_mode: zero\nexperts: [{source_model: a}, {source_model: b}]\n";

  static final String CONFIG =
      """
      {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": %s,
       "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 2,
       "num_key_value_heads": 2, "vocab_size": 16, "torch_dtype": "bfloat16",
       "tie_word_embeddings": false}
      """;

  @TempDir Path folder;

  Situation here;

  @BeforeEach
  void writeModels() throws IOException {
    here = new Situation(folder);
    llama("base", 0, 8).write();
    llama("a", 1, 8).write();
    llama("b", 2, 8).write();
  }

  ModelFolder llama(String name, int fineTune, int width) throws IOException {
    ModelFolder model =
        here.model(name)
            .file("config.json", CONFIG.formatted(width))
            .bfloats("model.embed_tokens.weight", fineTune, 16, width)
            .bfloats("model.norm.weight", fineTune, width)
            .bfloats("lm_head.weight", fineTune, 16, width);
    for (int layer = 0; layer < 2; layer++) {
      String prefix = "model.layers.%s.".formatted(layer);
      for (String norm : new String[] {"input_layernorm", "post_attention_layernorm"}) {
        model.bfloats(prefix + norm + ".weight", fineTune, width);
      }
      for (String part : new String[] {"q", "k", "v", "o"}) {
        model.bfloats(prefix + "self_attn.%s_proj.weight".formatted(part), fineTune, width, width);
      }
      model.bfloats(prefix + "mlp.gate_proj.weight", fineTune, 12, width);
      model.bfloats(prefix + "mlp.up_proj.weight", fineTune, 12, width);
      model.bfloats(prefix + "mlp.down_proj.weight", fineTune, width, 12);
    }
    return model;
  }

  Tensors merged(String recipe, String... options) throws IOException {
    here.merge(recipe, options).succeeds();
    return new Tensors(here.out());
  }

  Tensors model(String name) throws IOException {
    return new Tensors(here.path(name));
  }

  static String expert(int layer, int expert, String projection) {
    return "model.layers.%s.block_sparse_moe.experts.%s.%s.weight"
        .formatted(layer, expert, projection);
  }

  static double[] slice(double[] all, int first, int count) {
    return Arrays.copyOfRange(all, first, first + count);
  }
}
