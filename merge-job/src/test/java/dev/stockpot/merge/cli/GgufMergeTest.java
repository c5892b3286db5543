package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.gguf.GgufBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model in a GGUF file merges as the safetensors files do that it was made from. */
class GgufMergeTest {
  private static final int HEADS = 2;
  private static final int WIDTH = 8;

  @TempDir private Path folder;

  private float[] query;
  private float[] embedding;

  @BeforeEach
  void writeBoth() throws IOException {
    Random random = new Random(1);
    query = random(random, WIDTH * WIDTH);
    embedding = random(random, 3 * WIDTH);
    ModelFolder.at(folder.resolve("a"))
        .file("config.json", "{\"model_type\": \"llama\", \"num_hidden_layers\": 1}")
        .matrix("model.embed_tokens.weight", embedding, 3, WIDTH)
        .matrix("model.layers.0.self_attn.q_proj.weight", query, WIDTH, WIDTH)
        .write();
    Files.write(
        folder.resolve("a.gguf"),
        GgufBytes.llama(1, HEADS, HEADS)
            .floats("token_embd.weight", embedding, 3, WIDTH)
            .floats("blk.0.attn_q.weight", interleaved(query), WIDTH, WIDTH)
            .bytes());
  }

  private static float[] random(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  /** Rows as llama.cpp's converter puts them: halves of each head in turns. */
  private static float[] interleaved(float[] rows) {
    float[] turned = new float[rows.length];
    int half = WIDTH / HEADS / 2;
    for (int head = 0; head < HEADS; head++) {
      for (int i = 0; i < half; i++) {
        for (int side = 0; side < 2; side++) {
          int from = head * 2 * half + side * half + i;
          int to = head * 2 * half + 2 * i + side;
          System.arraycopy(rows, from * WIDTH, turned, to * WIDTH, WIDTH);
        }
      }
    }
    return turned;
  }

  private static double[] doubles(float[] numbers) {
    double[] wide = new double[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      wide[i] = numbers[i];
    }
    return wide;
  }

  private CommandLineRun merge(String recipe, String out) throws IOException {
    Path file = folder.resolve("recipe.yml");
    Files.writeString(file, recipe.replace("DIR", folder.toString()));
    return CommandLineRun.of("merge", file, folder.resolve(out), "--set", "report=false");
  }

  @Test
  void givesTheSameWeights() throws IOException {
    CommandLineRun run =
        merge("merge_method: passthrough\nmodels: [{model: DIR/a.gguf}]\n", "gguf");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("no tokenizer goes along");
    Tensors written = new Tensors(folder.resolve("gguf"));
    assertThat(written.values("model.layers.0.self_attn.q_proj.weight"))
        .containsExactly(doubles(query));
    assertThat(written.values("model.embed_tokens.weight")).containsExactly(doubles(embedding));
    assertThat(Files.readString(folder.resolve("gguf/config.json")))
        .contains("\"LlamaForCausalLM\"")
        .contains("\"num_attention_heads\": 2");
  }

  @Test
  void mergesBesideSafetensors() throws IOException {
    CommandLineRun run =
        merge(
            """
            merge_method: linear
            models:
              - {model: DIR/a, parameters: {weight: 0.25}}
              - {model: DIR/a.gguf, parameters: {weight: 0.75}}
            """,
            "both");
    assertThat(run.exitCode()).as(run.err()).isZero();
    double[] merged =
        new Tensors(folder.resolve("both")).values("model.layers.0.self_attn.q_proj.weight");
    for (int i = 0; i < merged.length; i++) {
      assertThat(merged[i]).isEqualTo(0.25f * query[i] + 0.75f * query[i]);
    }
  }
}
