package dev.stockpot.merge.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.compare.OtherNames.Counterparts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtherNamesTest {
  private static final List<Long> TABLE = List.of(32L, 8L);
  private static final List<Long> SQUARE = List.of(8L, 8L);
  private static final List<Long> VECTOR = List.of(8L);

  @Test
  void findTheSameTensorInTheSameBlock() {
    assertThat(
            OtherNames.of(
                Map.of("encoder.layer.3.attention.key.weight", TABLE),
                Map.of("layers.3.k_proj.weight", TABLE, "layers.2.k_proj.weight", TABLE)))
        .contains(
            new Counterparts("encoder.layer.3.attention.key.weight", "layers.3.k_proj.weight", 1));
  }

  @Test
  void countAllAndNameTheMostAlike() {
    assertThat(
            OtherNames.of(
                Map.of("h.0.up.weight", TABLE, "h.0.norm.weight", VECTOR, "h.1.x.bias", VECTOR),
                Map.of("l.0.w1.weight", TABLE, "l.0.my_norm.weight", VECTOR)))
        .contains(new Counterparts("h.0.norm.weight", "l.0.my_norm.weight", 2));
  }

  @Test
  void doNotTakeATensorForTwo() {
    assertThat(
            OtherNames.of(
                Map.of("a.0.q.weight", TABLE, "a.0.k.weight", TABLE), Map.of("b.0.w", TABLE)))
        .map(Counterparts::pairs)
        .contains(1);
  }

  @Test
  void findAnEmbeddingByItsSize() {
    assertThat(OtherNames.of(Map.of("wte.weight", TABLE), Map.of("embed.weight", TABLE)))
        .contains(new Counterparts("wte.weight", "embed.weight", 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "l.0.q.parametrizations.weight.original",
        "l.0.q.parametrizations.weight.0.original1",
        "l.0.q.base_layer.weight",
        "l.0.q.weight.data"
      })
  void findATensorThatALibraryHasWrapped(String wrapped) {
    Map<String, List<Long>> plain = Map.of("l.0.q.weight", SQUARE, "l.0.k.weight", SQUARE);
    Map<String, List<Long>> other = Map.of(wrapped, SQUARE);
    assertThat(OtherNames.of(plain, other)).map(Counterparts::other).contains(wrapped);
    assertThat(OtherNames.of(other, plain)).map(Counterparts::other).contains("l.0.q.weight");
  }

  @Test
  void takeABiasForNoWeightOfItsModule() {
    assertThat(OtherNames.of(Map.of("l.0.norm.weight", VECTOR), Map.of("l.0.norm.bias", VECTOR)))
        .isEmpty();
  }

  @Test
  void leaveAloneWhatOnlyOneModelHas() {
    Map<String, List<Long>> head = Map.of("score.weight", List.of(2L, 8L));
    assertThat(OtherNames.of(head, Map.of())).isEmpty();
    assertThat(OtherNames.of(Map.of(), head)).isEmpty();
    assertThat(OtherNames.of(head, Map.of("lm_head.weight", TABLE))).isEmpty();
  }

  /** A model with a pooler, and one with the head of a masked language model. */
  @Test
  void leaveAloneWhatHasTheShapeOfAnything() {
    assertThat(
            OtherNames.of(
                Map.of("pooler.dense.weight", SQUARE, "pooler.dense.bias", VECTOR),
                Map.of("cls.transform.dense.weight", SQUARE, "cls.transform.dense.bias", VECTOR)))
        .isEmpty();
    assertThat(
            OtherNames.of(
                Map.of("layers.0.q_proj.bias", VECTOR),
                Map.of("layers.0.post_norm.weight", VECTOR)))
        .isEmpty();
    assertThat(OtherNames.of(Map.of("a.0.scale", List.of()), Map.of("b.0.scale", List.of())))
        .isEmpty();
  }

  @Test
  void leaveOtherBlocksAlone() {
    assertThat(
            OtherNames.of(
                Map.of("layers.4.up.weight", TABLE), Map.of("layers.5.gate.weight", TABLE)))
        .isEmpty();
  }
}
