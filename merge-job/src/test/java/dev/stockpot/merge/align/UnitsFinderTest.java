package dev.stockpot.merge.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.methods.matching.FreeUnits;
import dev.stockpot.kernels.methods.matching.Heads;
import dev.stockpot.kernels.methods.matching.UnitMoves;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many units groups have, and where in tensors they lie, as lengths of axes tell. */
class UnitsFinderTest {
  private static final String FUSED =
      """
      groups:
        attention.{l}: {heads: 4, key_value_heads: 2}
      tensors:
        'h.{l}.qkv.weight': attention.{l}/query + attention.{l}/key + attention.{l}/value, fixed
        'h.{l}.out.weight': fixed, attention.{l}/output
      """;

  private static ModelHeaders fused(long places, long outputs) {
    return FoundUnits.model()
        .tensor("h.0.qkv.weight", places, 8)
        .tensor("h.0.out.weight", 8, outputs);
  }

  private static void assertRefused(ModelHeaders model, String spec, String message) {
    assertThatThrownBy(() -> FoundUnits.of(model, spec))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  /** Outputs of 8 are 4 heads of 2, so values are 2 of 2; the rest is shared by 4 and 2 heads. */
  @Test
  void queriesKeysAndValuesInOneTensorShareWhatIsLeft() {
    ModelUnits units = FoundUnits.of(fused(8 + 4 + 4, 8), FUSED);
    assertThat(units.groups().get("attention.0").shape())
        .isEqualTo(new Heads(2, 2, 2, 2, true, true));
    assertThat(units.tensors().get("h.0.qkv.weight").axes())
        .containsExactly(
            List.of(
                new UnitsAlong("attention.0", 0, 8, 1),
                new UnitsAlong("attention.0", 1, 4, 1),
                new UnitsAlong("attention.0", 2, 4, 1)),
            List.of());
    assertThat(units.tensors().get("h.0.out.weight").axes().get(1))
        .containsExactly(new UnitsAlong("attention.0", 3, 8, 1));
  }

  /** Keys of 3, values of 2: 12 + 6 + 4. */
  @Test
  void keysMayBeWiderThanValues() {
    assertThat(FoundUnits.of(fused(22, 8), FUSED).groups().get("attention.0").shape().sides())
        .containsExactly(12, 6, 4, 8);
  }

  @ParameterizedTest
  @CsvSource({"15", "17", "4"})
  void placesThatNoHeadsFillAreRefused(long places) {
    assertRefused(
        fused(places, 8),
        FUSED,
        "h.0.qkv.weight has %s places, which [attention.0, attention.0, attention.0] do not fill"
            .formatted(places));
  }

  @ParameterizedTest
  @CsvSource({
    "8, 4, 4, 9, attention.0 has 9 units of output, no multiple of 4 heads",
    "8, 5, 4, 8, attention.0 has 5 units of key, no multiple of 2 heads",
    "8, 6, 4, 8, attention.0 has 8 units of query, and 3 of 4 heads would be 12",
    "8, 4, 6, 8, attention.0 has 8 units of output, and 3 of 4 heads would be 12"
  })
  void sidesThatDoNotFitEachOtherAreRefused(
      long query, long key, long value, long output, String first, String rest) {
    ModelHeaders model =
        FoundUnits.model()
            .tensor("h.0.q", query, 8)
            .tensor("h.0.k", key, 8)
            .tensor("h.0.v", value, 8)
            .tensor("h.0.o", 8, output);
    String spec =
        """
        groups:
          attention.{l}: {heads: 4, key_value_heads: 2}
        tensors:
          'h.{l}.q': attention.{l}/query, fixed
          'h.{l}.k': attention.{l}/key, fixed
          'h.{l}.v': attention.{l}/value, fixed
          'h.{l}.o': fixed, attention.{l}/output
        """;
    assertRefused(model, spec, first + ", " + rest);
  }

  @Test
  void groupsBehindEachOtherOfWhichOneIsKnown() {
    String spec =
        """
        groups: {a: {}, b: {}}
        tensors: {'both': 'a + b, fixed', 'alone': 'a, fixed'}
        """;
    ModelUnits units =
        FoundUnits.of(FoundUnits.model().tensor("both", 10, 3).tensor("alone", 4, 3), spec);
    assertThat(units.groups().get("a").shape()).isEqualTo(new FreeUnits(4));
    assertThat(units.groups().get("b").shape()).isEqualTo(new FreeUnits(6));
    assertRefused(
        FoundUnits.model().tensor("both", 10, 3).tensor("alone", 10, 3),
        spec,
        "both has 10 places, which [a, b] do not fill");
  }

  @Test
  void groupsThatNobodyKnowsAreOfOneSize() {
    String spec = "groups: {a: {}, b: {}}\ntensors: {'both': 'a + b, fixed'}\n";
    ModelUnits units = FoundUnits.of(FoundUnits.model().tensor("both", 10, 3), spec);
    assertThat(units.groups().values())
        .extracting(ModelUnits.Group::shape)
        .containsExactly(new FreeUnits(5), new FreeUnits(5));
    assertRefused(
        FoundUnits.model().tensor("both", 9, 3),
        spec,
        "both has 9 places, which [a, b] do not fill");
  }

  @Test
  void whereBothAreKnownTheyMustFillTheAxis() {
    String spec =
        """
        groups: {a: {}, b: {}}
        tensors: {'both': 'a + b, fixed', 'x': 'a, fixed', 'y': 'b, fixed'}
        """;
    ModelHeaders model = FoundUnits.model().tensor("x", 4, 3).tensor("y", 5, 3);
    assertThat(FoundUnits.of(model.tensor("both", 9, 3), spec).tensors().get("both").axes().get(0))
        .containsExactly(new UnitsAlong("a", 0, 4, 1), new UnitsAlong("b", 0, 5, 1));
    assertRefused(
        model.without("both").tensor("both", 10, 3),
        spec,
        "both has 10 places, which [a, b] do not fill");
  }

  @Test
  void membersOfAUnitStayTogether() {
    String spec = "groups: {c: {}}\ntensors: {'kernel': 'c, fixed', 'dense': 'fixed, c each'}\n";
    ModelHeaders model = FoundUnits.model().tensor("kernel", 4, 3);
    assertThat(
            FoundUnits.of(model.tensor("dense", 2, 12), spec).tensors().get("dense").axes().get(1))
        .containsExactly(new UnitsAlong("c", 0, 4, 3));
    assertRefused(
        model.without("dense").tensor("dense", 2, 13),
        spec,
        "dense has 13 places along axis 1, and its units fill 12");
    assertRefused(
        FoundUnits.model().tensor("dense", 2, 12), spec, "nothing tells how many units c has");
  }

  /** A rule may be of tensors with one axis, another of tensors with two under the same name. */
  @Test
  void theFirstRuleOfAsManyAxesCounts() {
    String spec =
        """
        groups: {a: {}, b: {}}
        tensors:
          't.{i}.weight': a, b or b
          't.{k}.weight': b, a
        """;
    ModelUnits units =
        FoundUnits.of(FoundUnits.model().tensor("t.0.weight", 2, 3).tensor("t.1.weight", 3), spec);
    assertThat(FoundUnits.along(units, "t.0.weight", 0)).isEqualTo("a");
    assertThat(FoundUnits.along(units, "t.1.weight", 0)).isEqualTo("b");
    assertRefused(
        FoundUnits.model().tensor("t.0.weight", 2, 3, 1),
        spec,
        "says nothing of t.0.weight [2, 3, 1]");
  }

  @Test
  void buffersMoveAndAreNotCompared() {
    ModelUnits units =
        FoundUnits.of(
            FoundUnits.model().tensor("w", 4, 3).tensor("mean", 4).tensor("seen"),
            "groups: {a: {}}\ntensors: {w: 'a, fixed'}\nbuffers: {mean: a, seen: ''}\n");
    assertThat(units.tensors().get("w").isCompared()).isTrue();
    assertThat(units.tensors().get("mean").isCompared()).isFalse();
    assertThat(units.tensors().get("mean").isFixed()).isFalse();
    assertThat(units.tensors().get("seen").axes()).isEmpty();
    assertThat(units.tensors().get("seen").isFixed()).isTrue();
  }

  /** What the configuration and norms say of turning, beside what the group does. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{heads: 2} | {} | false | TURN",
        "{heads: 2, keys: fixed} | {} | false | STAY",
        "{heads: 2, keys: fixed, pairs: half} | {} | false | TURN_IN_PAIRS",
        "{heads: 2, pairs: half} | {} | false | TURN_IN_PAIRS",
        "{heads: 2, pairs: half} | {\"rotary_pct\": 1.0} | false | TURN_IN_PAIRS",
        "{heads: 2, pairs: half} | {\"rotary_pct\": 0.25} | false | STAY",
        "{heads: 2} | {\"rotary_pct\": 0.25} | false | TURN",
        "{heads: 2, unless: 'n.{l}.norm'} | {} | true | STAY",
        "{heads: 2, unless: 'n.{l}.norm'} | {} | false | TURN"
      })
  void keysAreTurnedAsTheyMay(String rule, String config, boolean hasNorm, UnitMoves keys) {
    ModelHeaders model =
        FoundUnits.model().config(config).tensor("n.0.q", 4, 8).tensor("n.0.v", 4, 8);
    if (hasNorm) {
      model.tensor("n.0.norm", 2);
    }
    String spec =
        """
        groups:
          h.{l}: %s
        tensors:
          'n.{l}.q': h.{l}/query, fixed
          'n.{l}.v': h.{l}/value, fixed
          'n.{l}.norm': fixed
        """
            .formatted(rule);
    Heads heads = FoundUnits.of(model, spec).groups().get("h.0").turned().orElseThrow();
    assertThat(heads.keys()).isEqualTo(keys);
    assertThat(heads.values()).isEqualTo(UnitMoves.TURN);
  }

  @Test
  void aNormOfAnotherLayerHoldsNobodyBack() {
    String spec =
        """
        groups:
          h.{l}: {heads: 2, unless: 'n.{l}.norm'}
        tensors:
          'n.{l}.q': h.{l}/query, fixed
          'n.{l}.v': h.{l}/value, fixed
          'n.{l}.norm': fixed
        """;
    ModelHeaders model = FoundUnits.model().tensor("n.1.norm", 2);
    for (int layer = 0; layer < 2; layer++) {
      model.tensor("n.%s.q".formatted(layer), 4, 8).tensor("n.%s.v".formatted(layer), 4, 8);
    }
    ModelUnits units = FoundUnits.of(model, spec);
    assertThat(units.groups().get("h.0").turned().orElseThrow().keys()).isEqualTo(UnitMoves.TURN);
    assertThat(units.groups().get("h.1").turned().orElseThrow().keys()).isEqualTo(UnitMoves.STAY);
  }
}
