package dev.stockpot.merge.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tensors of a model have a row for each token. */
class RowTensorsTest {
  private static final String EMBEDDING = "model.embed_tokens.weight";

  private final ModelHeaders model = ModelHeaders.named("m").tensor("model.norm.weight", 4);

  private RowTensors of(List<Integer> sizes, int tokens, String... patterns) {
    return RowTensors.of(
        model.open(),
        sizes,
        tokens,
        patterns.length == 0 ? Optional.empty() : Optional.of(List.of(patterns)));
  }

  private static List<String> names(RowTensors tensors) {
    return tensors.found().stream().map(RowTensor::name).toList();
  }

  @Test
  void embeddingHeadAndBiasAreKnown() {
    model
        .tensor(EMBEDDING, 10, 4)
        .tensor("lm_head.weight", 10, 4)
        .tensor("lm_head.bias", 10)
        .tensor("model.layers.0.mlp.up_proj.weight", 10, 4);
    RowTensors tensors = of(List.of(10), 8);
    assertThat(tensors.rows()).isEqualTo(10);
    assertThat(names(tensors))
        .containsExactlyInAnyOrder(EMBEDDING, "lm_head.weight", "lm_head.bias");
    assertThat(tensors.doubtful()).as("a layer knows nothing of tokens").isEmpty();
    assertThat(tensors.found()).extracting(RowTensor::rows).containsOnly(10L);
  }

  @Test
  void theConfigurationsSizeCountsBeforeThatOfAnEmbedding() {
    model.tensor(EMBEDDING, 10, 4).tensor("other.embed_tokens.weight", 12, 4);
    assertThat(names(of(List.of(12), 8))).containsExactly("other.embed_tokens.weight");
    assertThat(of(List.of(99), 8).rows())
        .as("of a size that no tensor has an embedding's is taken")
        .isEqualTo(10);
    assertThat(of(List.of(), 11).rows()).as("ten rows are too few").isEqualTo(12);
  }

  @Test
  void withoutAnyThereAreNone() {
    model.tensor("x.weight", 9, 4);
    RowTensors tensors = of(List.of(10), 8);
    assertThat(tensors.found()).isEmpty();
    assertThat(tensors.rows()).isEqualTo(8);
  }

  @Test
  void aTensorOfAsManyRowsThatNobodyKnowsIsDoubtful() {
    model.tensor(EMBEDDING, 10, 4).tensor("model.extra.table", 10, 7);
    assertThat(of(List.of(10), 8).doubtful()).containsExactly("model.extra.table");
    assertThat(of(List.of(10), 8, "nothing").doubtful())
        .as("whoever names tensors has thought of it")
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.position_embeddings.weight",
        "model.token_type_embeddings.weight",
        "model.final_norm.weight",
        "rotary.inv_freq",
        "transformer.wpe.weight",
        "model.layers.3.table"
      })
  void tablesOfSomethingElseAreNotDoubtful(String name) {
    model.tensor(EMBEDDING, 10, 4).tensor(name, 10, 4);
    assertThat(of(List.of(10), 8).doubtful()).isEmpty();
  }

  @Test
  void aRecipeNamesFurtherOnes() {
    model
        .tensor(EMBEDDING, 10, 4)
        .tensor("model.layers.0.value_embeds.table", 10, 7)
        .tensor("model.layers.1.value_embeds.table", 9, 7);
    RowTensors tensors = of(List.of(10), 8, "value_embeds");
    assertThat(names(tensors)).contains("model.layers.0.value_embeds.table");
    assertThat(tensors.found())
        .filteredOn(tensor -> tensor.name().contains("value_embeds"))
        .allMatch(tensor -> tensor.isFor(RowPart.NAMED));
    assertThat(tensors.unfit()).containsExactly("model.layers.1.value_embeds.table is [9, 7]");
  }

  @Test
  void rowsMayLieBehindAnAxisOfOne() {
    model.tensor(EMBEDDING, 10, 4).tensor("final_logits_bias", 1, 10);
    RowTensor bias =
        of(List.of(10), 8).found().stream()
            .filter(tensor -> tensor.isFor(RowPart.BIAS))
            .findFirst()
            .orElseThrow();
    assertThat(bias.axis()).isEqualTo(1);
    assertThat(bias.rows()).isEqualTo(10);
  }

  @Test
  void threeAxesAndColumnsAreNoRows() {
    model
        .tensor(EMBEDDING, 10, 4)
        .tensor("a.lm_head.weight", 10, 2, 2)
        .tensor("b.lm_head.weight", 4, 10);
    assertThat(names(of(List.of(10), 8))).containsExactly(EMBEDDING);
  }

  @Test
  void rowsFitWhereTheyAreAsLong() {
    model
        .tensor(EMBEDDING, 10, 4)
        .tensor("lm_head.weight", DType.F32, 10, 4)
        .tensor("lm_head.bias", 10)
        .tensor("x.embed_out.weight", 10, 5)
        .tensor("y.embed_in.weight", DType.I8, 10, 4);
    List<RowTensor> found = of(List.of(10), 8).found();
    RowTensor embedding = named(found, EMBEDDING);
    assertThat(embedding.fits(named(found, "lm_head.weight"))).isTrue();
    assertThat(embedding.fits(named(found, "lm_head.bias"))).isFalse();
    assertThat(embedding.fits(named(found, "x.embed_out.weight"))).isFalse();
    assertThat(embedding.fits(named(found, "y.embed_in.weight"))).as("codes").isFalse();
    assertThat(embedding.standsFor(RowPart.HEAD)).isTrue();
    assertThat(embedding.standsFor(RowPart.BIAS)).isFalse();
    assertThat(named(found, "lm_head.weight").standsFor(RowPart.HEAD)).isFalse();
  }

  private static RowTensor named(List<RowTensor> found, String name) {
    return found.stream().filter(tensor -> tensor.name().equals(name)).findFirst().orElseThrow();
  }
}
