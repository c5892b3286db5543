package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
   * The files of a model, by name.
   *
   * @param task 0 for the base, or the number of a fine-tune
   */
  static Map<String, byte[]> files(int task) {
    List<OutputTensor> tensors = tensors();
    ByteBuffer header = SafetensorsLayout.CHECKPOINT.header(tensors);
    ByteArrayOutputStream shard = new ByteArrayOutputStream();
    byte[] start = new byte[header.remaining()];
    header.get(start);
    shard.writeBytes(start);
    for (OutputTensor tensor : tensors) {
      shard.writeBytes(weights(tensor, task));
    }
    return Map.of("config.json", CONFIG.getBytes(UTF_8), "model.safetensors", shard.toByteArray());
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

  private static byte[] weights(OutputTensor tensor, int task) {
    int elements = Math.toIntExact(tensor.shape().elements());
    byte[] weights = new byte[elements * 2];
    ByteBuffer bytes = ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN);
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
    return weights;
  }

  private static long seed(String tensor, int task) {
    CRC32 crc = new CRC32();
    crc.update(tensor.getBytes(UTF_8));
    return crc.getValue() << 8 | task;
  }
}
