package dev.stockpot.merge.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What transformers calls what a GGUF file calls otherwise, in names and in its configuration. */
class GgufNamesTest {
  private static final Location FILE = new Location("/models/a.gguf");

  private final MemoryStore store = new MemoryStore();

  private Model open(GgufBytes file) throws IOException {
    return open(FILE, file);
  }

  private Model open(Location place, GgufBytes file) throws IOException {
    store.write(place, file.bytes());
    return GgufModel.open(store, place);
  }

  private static GgufBytes small() {
    return GgufBytes.llama(1, 2, 1).floats("output_norm.weight", new float[8], 8);
  }

  private void assertRefused(GgufBytes file, String problem) {
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(FILE + ": ")
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource({
    "token_embd, model.embed_tokens",
    "output_norm, model.norm",
    "output, lm_head",
    "blk.0.attn_norm, model.layers.0.input_layernorm",
    "blk.12.attn_q, model.layers.12.self_attn.q_proj",
    "blk.12.attn_k, model.layers.12.self_attn.k_proj",
    "blk.12.attn_v, model.layers.12.self_attn.v_proj",
    "blk.12.attn_output, model.layers.12.self_attn.o_proj",
    "blk.3.attn_q_norm, model.layers.3.self_attn.q_norm",
    "blk.3.attn_k_norm, model.layers.3.self_attn.k_norm",
    "blk.3.ffn_norm, model.layers.3.post_attention_layernorm",
    "blk.3.ffn_gate, model.layers.3.mlp.gate_proj",
    "blk.3.ffn_up, model.layers.3.mlp.up_proj",
    "blk.3.ffn_down, model.layers.3.mlp.down_proj",
    "blk.3.ffn_gate_inp, model.layers.3.mlp.gate"
  })
  void modulesHaveTheirNamesOfTransformers(String name, String module) {
    assertThat(GgufNames.module(name)).contains(module);
    assertThat(GgufNames.expert(name, 0)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "blk.attn_q",
        "blk.-1.attn_q",
        "blk.1234567.attn_q",
        "blk.0.attn_qkv",
        "blk.0.token_embd",
        "blk.0.attn_q.x",
        "attn_q",
        "token_embd_norm",
        "blk.0.ffn_up_exps",
        ""
      })
  void otherNamesAreNotGuessed(String name) {
    assertThat(GgufNames.module(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "blk.2.ffn_gate_exps, 0, model.layers.2.mlp.experts.0.gate_proj",
    "blk.2.ffn_up_exps, 17, model.layers.2.mlp.experts.17.up_proj",
    "blk.2.ffn_down_exps, 3, model.layers.2.mlp.experts.3.down_proj"
  })
  void expertsHaveNumbers(String name, int expert, String module) {
    assertThat(GgufNames.expert(name, expert)).contains(module);
  }

  @Test
  void onlyWeightsAndBiasesAreTensorsOfAModel() throws IOException {
    Model model =
        open(
            small()
                .floats("blk.0.ffn_up.weight", new float[8], 8, 1)
                .floats("blk.0.ffn_up.bias", new float[8], 8));
    assertThat(model.tensors())
        .containsOnlyKeys(
            "model.layers.0.mlp.up_proj.bias",
            "model.layers.0.mlp.up_proj.weight",
            "model.norm.weight");
    assertRefused(
        small().floats("blk.0.ffn_up.scale", new float[1], 1),
        "1 of its 2 tensors are none of a llama model, for example 'blk.0.ffn_up.scale'");
    assertRefused(small().floats("output", new float[1], 1), "for example 'output'");
  }

  /** Queries and keys of no rows or no columns are not divided by. */
  @Test
  void queriesWithoutElementsHaveNoRowsToTurn() throws IOException {
    for (long[] shape : new long[][] {{0, 8}, {8, 0}, {0}}) {
      Model model = open(small().floats("blk.0.attn_q.weight", new float[0], shape));
      assertThat(model.tensors().get("model.layers.0.self_attn.q_proj.weight").shape().elements())
          .isZero();
    }
    assertRefused(
        small().floats("blk.0.attn_q.weight", new float[1]), "[] rows are no pairs of 2 heads");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"block_count", "embedding_length", "attention.head_count", "context_length"})
  void numbersThatEveryModelHasAreAboveZero(String key) {
    for (int number : new int[] {0, -1}) {
      GgufBytes file = new GgufBytes().text("general.architecture", "llama");
      Map<String, Integer> numbers =
          Map.of(
              "block_count", 1,
              "embedding_length", 8,
              "feed_forward_length", 8,
              "context_length", 64,
              "attention.head_count", 2);
      numbers.forEach(
          (other, value) -> file.uint32("llama." + other, other.equals(key) ? number : value));
      assertRefused(
          file.floats("output_norm.weight", new float[8], 8),
          "llama.%s is %s, must be a whole number above 0"
              .formatted(key, Integer.toUnsignedString(number)));
    }
  }

  @Test
  void tokensThatBeginAndEndATextAreKnown() throws IOException {
    Model model =
        open(
            small()
                .uint32("tokenizer.ggml.bos_token_id", 1)
                .uint32("tokenizer.ggml.eos_token_id", 128_009)
                .uint32("tokenizer.ggml.padding_token_id", 7));
    assertThat(model.config().values())
        .containsEntry("bos_token_id", "1")
        .containsEntry("eos_token_id", "128009")
        .doesNotContainKey("pad_token_id")
        .doesNotContainKey("vocab_size");
  }

  @ParameterizedTest
  @CsvSource({"none, 1", "'', 1", "linear, 2", "longrope, 2"})
  void scalingThatIsNotUnderstoodDoesNotLookLikeNone(String type, int remarks) throws IOException {
    Model model = open(small().text("llama.rope.scaling.type", type));
    assertThat(model.surroundings().remarks()).hasSize(remarks);
    assertThat(model.config().values()).doesNotContainKey("rope_scaling.factor");
    List<String> told = new ArrayList<>(model.surroundings().remarks());
    told.removeIf(remark -> remark.contains("no tokenizer goes along"));
    assertThat(told)
        .allMatch(
            remark ->
                remark.startsWith(
                    "llama.rope.scaling.type is %s, so its positions are scaled".formatted(type)));
  }

  @ParameterizedTest
  @CsvSource({"F16, float16", "BF16, bfloat16", "F32, float32"})
  void theTypeIsThatOfTheNarrowestTensor(DType type, String called) throws IOException {
    byte[] numbers = new byte[8 * type.bytes()];
    Model model = open(small().tensor("blk.0.ffn_up.weight", type, numbers, 8, 1));
    assertThat(model.config().values()).containsEntry("torch_dtype", called);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/m/a-00001-of-00003.gguf",
        "/m/A-00002-OF-00003.GGUF",
        "/m/x.y-00001-of-00001.gguf"
      })
  void aPieceOfAModelIsKnownByItsName(String name) {
    assertThatThrownBy(() -> open(new Location(name), small()))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(name + ": it is one of several files of a model")
        .hasMessageContaining("llama-gguf-split --merge");
  }

  @ParameterizedTest
  @CsvSource({"a.gguf, true", "A.GGUF, true", "a.gguf.part, false", "gguf, false"})
  void filesAreKnownByTheirEnding(String name, boolean isOne) {
    assertThat(GgufFile.isNamed(name)).isEqualTo(isOne);
  }
}
