package dev.stockpot.merge.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model in a GGUF file is what transformers would have saved. */
class GgufModelTest {
  private static final Location FILE = new Location("/models/a.gguf");

  private final MemoryStore store = new MemoryStore();

  private Model open(GgufBytes file) throws IOException {
    store.write(FILE, file.bytes());
    return GgufModel.open(store, FILE);
  }

  private static GgufBytes small() {
    return GgufBytes.llama(1, 2, 1)
        .floats("token_embd.weight", new float[24], 3, 8)
        .floats("output_norm.weight", new float[8], 8)
        .floats("blk.0.attn_q.weight", new float[64], 8, 8)
        .floats("blk.0.attn_k.weight", new float[32], 4, 8)
        .floats("blk.0.attn_v.weight", new float[32], 4, 8);
  }

  @Test
  void callsTensorsAsTransformersDoes() throws IOException {
    assertThat(open(small()).tensors())
        .containsOnlyKeys(
            "model.embed_tokens.weight",
            "model.norm.weight",
            "model.layers.0.self_attn.q_proj.weight",
            "model.layers.0.self_attn.k_proj.weight",
            "model.layers.0.self_attn.v_proj.weight");
  }

  @Test
  void hasAConfiguration() throws IOException {
    Model model = open(small());
    assertThat(model.config().values())
        .containsEntry("model_type", "llama")
        .containsEntry("hidden_size", "8")
        .containsEntry("num_hidden_layers", "1")
        .containsEntry("intermediate_size", "8")
        .containsEntry("num_attention_heads", "2")
        .containsEntry("num_key_value_heads", "1")
        .containsEntry("head_dim", "4")
        .containsEntry("vocab_size", "3")
        .containsEntry("max_position_embeddings", "64")
        .containsEntry("rms_norm_eps", "0.00001")
        .containsEntry("rope_theta", "10000")
        .containsEntry("tie_word_embeddings", "true")
        .containsEntry("attention_bias", "false")
        .containsEntry("torch_dtype", "float32");
    assertThat(model.configText()).contains("\"LlamaForCausalLM\"");
    assertThat(model.surroundings().remarks())
        .singleElement()
        .asString()
        .contains("no tokenizer goes along");
  }

  @Test
  void aHeadOfItsOwnIsNotTied() throws IOException {
    Model model = open(small().floats("output.weight", new float[24], 3, 8));
    assertThat(model.config().values()).containsEntry("tie_word_embeddings", "false");
    assertThat(model.tensors()).containsKey("lm_head.weight");
  }

  /** Where each row of a tensor lies in the file. */
  private static List<Long> rows(TensorSource source) {
    long columns = source.shape().rowElements();
    List<Long> rows = new ArrayList<>();
    for (long row = 0; row < source.shape().elements() / columns; row++) {
      rows.add(source.place(row * columns).element() / columns);
    }
    return rows;
  }

  @Test
  void halvesOfARotationLieOneBehindTheOther() throws IOException {
    Model model = open(small());
    TensorSource q = model.tensors().get("model.layers.0.self_attn.q_proj.weight");
    TensorSource k = model.tensors().get("model.layers.0.self_attn.k_proj.weight");
    assertThat(q.shape()).isEqualTo(Shape.of(8, 8));
    assertThat(rows(q)).containsExactly(0L, 2L, 1L, 3L, 4L, 6L, 5L, 7L);
    assertThat(rows(k)).containsExactly(0L, 2L, 1L, 3L);
    assertThat(rows(model.tensors().get("model.layers.0.self_attn.v_proj.weight")))
        .containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void biasesOfQueriesAreTurnedToo() throws IOException {
    Model model = open(small().floats("blk.0.attn_q.bias", new float[8], 8));
    TensorSource bias = model.tensors().get("model.layers.0.self_attn.q_proj.bias");
    assertThat(bias.shape()).isEqualTo(Shape.of(8));
    assertThat(bias.place(1).element()).isEqualTo(2);
    assertThat(model.config().values()).containsEntry("attention_bias", "true");
  }

  @ParameterizedTest
  @CsvSource({"qwen2, Qwen2ForCausalLM", "qwen3, Qwen3ForCausalLM"})
  void rowsOfQwenAreAsTheyWere(String word, String loader) throws IOException {
    GgufBytes file =
        new GgufBytes()
            .text("general.architecture", word)
            .uint32(word + ".block_count", 1)
            .uint32(word + ".embedding_length", 8)
            .uint32(word + ".feed_forward_length", 8)
            .uint32(word + ".context_length", 64)
            .uint32(word + ".attention.head_count", 2)
            .uint32(word + ".attention.key_length", 16)
            .floats("token_embd.weight", new float[24], 3, 8)
            .floats("blk.0.attn_q_norm.weight", new float[4], 4)
            .floats("blk.0.attn_q.weight", new float[64], 8, 8);
    Model model = open(file);
    assertThat(rows(model.tensors().get("model.layers.0.self_attn.q_proj.weight")))
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(model.tensors()).containsKey("model.layers.0.self_attn.q_norm.weight");
    assertThat(model.configText()).contains(loader);
    assertThat(model.config().values())
        .containsEntry("head_dim", "16")
        .containsEntry("num_key_value_heads", "2");
  }

  @Test
  void takesTheTypeOfTheWeights() throws IOException {
    Model model = open(small().tensor("output.weight", DType.BF16, new byte[48], 3, 8));
    assertThat(model.config().values()).containsEntry("torch_dtype", "bfloat16");
  }

  @Test
  void factorsOfFrequenciesAreNotLearntButTold() throws IOException {
    Model model = open(small().floats("rope_freqs.weight", new float[2], 2));
    assertThat(model.tensors()).hasSize(5);
    assertThat(model.surroundings().remarks())
        .anyMatch(remark -> remark.contains("without `rope_scaling` long texts are read wrongly"));
  }

  @Test
  void linearScalingIsUnderstoodAndYarnIsTold() throws IOException {
    Model linear =
        open(
            small()
                .text("llama.rope.scaling.type", "linear")
                .float32("llama.rope.scaling.factor", 4));
    assertThat(linear.config().values()).containsEntry("rope_scaling.factor", "4");
    assertThat(linear.surroundings().remarks()).hasSize(1);
    assertThat(open(small().text("llama.rope.scaling.type", "yarn")).surroundings().remarks())
        .anyMatch(remark -> remark.contains("llama.rope.scaling.type is yarn"));
  }

  private void assertRefused(GgufBytes file, String problem) {
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(FILE + ": ")
        .hasMessageContaining(problem);
  }

  @Test
  void refusesOtherKindsOfModels() {
    assertRefused(
        new GgufBytes().text("general.architecture", "gemma2"),
        "a model of the kind 'gemma2', and those that are read are llama, qwen2, qwen3");
    assertRefused(new GgufBytes(), "a model of the kind ''");
    assertRefused(
        small().uint32("llama.expert_count", 8), "it holds a mixture of 8 experts");
    assertRefused(
        new GgufBytes().text("general.type", "imatrix"), "it is an importance matrix, and no model");
    assertRefused(small().uint32("split.count", 3), "it is one of several files of a model");
  }

  @Test
  void refusesTensorsThatNobodyKnows() {
    assertRefused(
        small().floats("blk.0.ssm_in.weight", new float[1], 1),
        "1 of its 6 tensors are none of a llama model, for example 'blk.0.ssm_in.weight'");
    assertRefused(
        small().tensor("blk.0.ffn_up.weight", DType.I32, new byte[4], 1), "'blk.0.ffn_up.weight'");
    assertRefused(GgufBytes.llama(1, 1, 1), "it holds no tensors");
  }

  @Test
  void refusesHeadsThatDoNotFitTheRows() {
    assertRefused(
        GgufBytes.llama(1, 3, 1).floats("blk.0.attn_q.weight", new float[8], 8, 1),
        "[8, 1] rows are no pairs of 3 heads");
    assertRefused(
        new GgufBytes()
            .text("general.architecture", "llama")
            .floats("blk.0.attn_q.weight", new float[8], 8, 1),
        "llama.attention.head_count is not there, must be a whole number above 0");
  }
}
