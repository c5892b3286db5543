package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;

/**
 * A small Llama-shaped base model and fine-tunes of it: random weights, the same on every machine.
 */
final class QuickstartModels {
  private static final int LAYERS = 4;
  private static final int HIDDEN = 256;
  private static final int INTERMEDIATE = 704;
  private static final int KEY_VALUE = 128;
  private static final int VOCABULARY = 2048;
  private static final float WEIGHT_DEVIATION = 0.02f;
  private static final float TASK_DEVIATION = 0.002f;

  private static final String CONFIG =
      """
      {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": %s,
        "intermediate_size": %s,
        "num_hidden_layers": %s,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 32,
        "vocab_size": %s,
        "max_position_embeddings": 512,
        "rms_norm_eps": 1e-05,
        "rope_theta": 10000.0,
        "hidden_act": "silu",
        "tie_word_embeddings": false,
        "torch_dtype": "bfloat16",
        "bos_token_id": 1,
        "eos_token_id": 2
      }
      """
          .formatted(HIDDEN, INTERMEDIATE, LAYERS, VOCABULARY);

  private QuickstartModels() {}

  /**
   * Writes a model.
   *
   * @param task 0 for the base, or the number of a fine-tune
   */
  static void write(Path folder, int task) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), CONFIG, UTF_8);
    List<OutputTensor> tensors = tensors();
    Path file = folder.resolve("model.safetensors");
    try (FileChannel channel = FileChannel.open(file, CREATE, WRITE, TRUNCATE_EXISTING)) {
      write(channel, SafetensorsLayout.CHECKPOINT.header(tensors));
      for (OutputTensor tensor : tensors) {
        write(channel, weights(tensor, task));
      }
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static List<OutputTensor> tensors() {
    List<OutputTensor> tensors = new ArrayList<>();
    tensors.add(tensor("lm_head.weight", VOCABULARY, HIDDEN));
    tensors.add(tensor("model.embed_tokens.weight", VOCABULARY, HIDDEN));
    for (int layer = 0; layer < LAYERS; layer++) {
      String prefix = "model.layers." + layer + ".";
      tensors.add(tensor(prefix + "input_layernorm.weight", HIDDEN));
      tensors.add(tensor(prefix + "mlp.down_proj.weight", HIDDEN, INTERMEDIATE));
      tensors.add(tensor(prefix + "mlp.gate_proj.weight", INTERMEDIATE, HIDDEN));
      tensors.add(tensor(prefix + "mlp.up_proj.weight", INTERMEDIATE, HIDDEN));
      tensors.add(tensor(prefix + "post_attention_layernorm.weight", HIDDEN));
      tensors.add(tensor(prefix + "self_attn.k_proj.weight", KEY_VALUE, HIDDEN));
      tensors.add(tensor(prefix + "self_attn.o_proj.weight", HIDDEN, HIDDEN));
      tensors.add(tensor(prefix + "self_attn.q_proj.weight", HIDDEN, HIDDEN));
      tensors.add(tensor(prefix + "self_attn.v_proj.weight", KEY_VALUE, HIDDEN));
    }
    tensors.add(tensor("model.norm.weight", HIDDEN));
    return tensors;
  }

  private static OutputTensor tensor(String name, long... dimensions) {
    return new OutputTensor(name, DType.BF16, Shape.of(dimensions));
  }

  private static ByteBuffer weights(OutputTensor tensor, int task) {
    int elements = Math.toIntExact(tensor.shape().elements());
    ByteBuffer bytes = ByteBuffer.allocate(elements * 2).order(ByteOrder.LITTLE_ENDIAN);
    Random base = new Random(seed(tensor.name(), 0));
    Random difference = new Random(seed(tensor.name(), task));
    boolean isNorm = tensor.shape().dimensions().size() == 1;
    for (int i = 0; i < elements; i++) {
      float weight = (isNorm ? 1 : 0) + WEIGHT_DEVIATION * (float) base.nextGaussian();
      if (task > 0) {
        weight += TASK_DEVIATION * (float) difference.nextGaussian();
      }
      bytes.putShort(Bfloat16.fromFloat(weight));
    }
    return bytes.flip();
  }

  private static long seed(String tensor, int task) {
    CRC32 crc = new CRC32();
    crc.update(tensor.getBytes(UTF_8));
    return crc.getValue() << 8 | task;
  }
}
