package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A base and its fine-tunes, out of which adapters are cut. */
abstract class ExtractCases {
  static final String LAYER = "model.layers.0.";

  static final String Q = LAYER + "self_attn.q_proj";

  static final String UP = LAYER + "mlp.up_proj";

  static final int D = 12;

  static final int WIDE = 20;

  static final int TOKENS = 9;

  @TempDir Path folder;

  Path base;

  @BeforeEach
  void writeABase() throws IOException {
    base = model("base", false).write();
  }

  /** A fine-tune differs in all but one norm. */
  ModelFolder model(String name, boolean isTuned) throws IOException {
    return ModelFolder.at(folder.resolve(name))
        .file(
            "config.json",
            """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "num_hidden_layers": 1,
             "hidden_size": 12, "vocab_size": 9, "tie_word_embeddings": false}""")
        .file("tokenizer.json", "{}")
        .matrix("model.embed_tokens.weight", numbers("e", isTuned, TOKENS * D), TOKENS, D)
        .matrix(Q + ".weight", numbers("q", isTuned, D * D), D, D)
        .matrix(Q + ".bias", numbers("b", isTuned, D), D)
        .matrix(UP + ".weight", numbers("u", isTuned, WIDE * D), WIDE, D)
        .matrix(LAYER + "input_layernorm.weight", numbers("n", isTuned, D), D)
        .matrix("model.norm.weight", numbers("m", false, D), D)
        .matrix("lm_head.weight", numbers("h", isTuned, TOKENS * D), TOKENS, D);
  }

  static float[] numbers(String name, boolean isTuned, int count) {
    Random random = new Random(name.hashCode());
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian() / 8;
    }
    for (int i = 0; isTuned && i < count; i++) {
      numbers[i] += (float) random.nextGaussian() / 64;
    }
    return numbers;
  }

  CommandLineRun extract(Path model, String... words) {
    List<Object> all = new ArrayList<>(List.of("extract", base, model, out()));
    all.addAll(List.of(words));
    return CommandLineRun.of(all.toArray());
  }

  Path out() {
    return folder.resolve("adapter");
  }

  double[] values(Path model, String tensor) throws IOException {
    return new Tensors(model).values(tensor);
  }

  double[] change(Path model, String tensor) throws IOException {
    double[] change = values(model, tensor);
    double[] before = values(base, tensor);
    for (int i = 0; i < change.length; i++) {
      change[i] -= before[i];
    }
    return change;
  }

  static void assertNear(double[] actual, double[] expected, double most) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(most));
    }
  }
}
