package dev.stockpot.merge.adapter;

import static dev.stockpot.merge.adapter.AdapterHeaders.pair;
import static dev.stockpot.merge.adapter.AdapterHeaders.parsed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.adapter.AdapterModule.Pair;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which way a weight lies is told from its shape, and from the model where it is square. */
class LayoutTest {
  private static final AdapterConfig SILENT = parsed("\"r\": 4");
  private static final AdapterConfig SWAPPING = parsed("\"r\": 4, \"fan_in_fan_out\": true");

  private static BaseModel base(String type) {
    return BaseModel.of(
        ModelHeaders.named("base")
            .config(type.isEmpty() ? "{}" : "{\"model_type\": \"%s\"}".formatted(type))
            .tensor("x.weight", 2, 2)
            .open());
  }

  private static Optional<Layout> of(Shape weight, Pair pair) {
    return Layout.of(weight, pair, "h.0.mlp.c_fc", SILENT, base("llama"));
  }

  @Test
  void aWeightThatIsNotSquareShowsWhichWayItLies() {
    Pair pair = pair(4, 24, 16);
    assertThat(of(Shape.of(24, 16), pair)).hasValue(Layout.LINEAR);
    assertThat(of(Shape.of(16, 24), pair)).hasValue(Layout.SWAPPED);
  }

  @ParameterizedTest
  @CsvSource({"24, 17", "23, 16", "16, 16", "4, 24", "384, 1"})
  void aWeightOfAnotherSizeFitsInNoWay(long rows, long columns) {
    assertThat(of(Shape.of(rows, columns), pair(4, 24, 16))).isEmpty();
  }

  @Test
  void aVectorAndASingleNumberFitInNoWay() {
    assertThat(of(Shape.of(24), pair(4, 24, 1))).isEmpty();
    assertThat(of(Shape.of(), pair(1, 1, 1))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "gpt2, h.0.attn.c_attn, SWAPPED",
    "gpt2, h.0.mlp.c_proj, SWAPPED",
    "gpt2, lm_head, LINEAR",
    "imagegpt, h.0.attn.q_attn, SWAPPED",
    "llama, model.layers.0.self_attn.q_proj, LINEAR",
    "llama, h.0.attn.c_attn, LINEAR",
    "'', h.0.attn.c_attn, LINEAR"
  })
  void aSquareWeightLiesAsItsFamilyStoresIt(String type, String module, Layout layout) {
    assertThat(Layout.of(Shape.of(16, 16), pair(4, 16, 16), module, SILENT, base(type)))
        .hasValue(layout);
  }

  @Test
  void theAdaptersWordCountsOnlyWhereTheModelSaysNothing() {
    Pair square = pair(4, 16, 16);
    assertThat(Layout.of(Shape.of(16, 16), square, "x", SWAPPING, base("")))
        .hasValue(Layout.SWAPPED);
    assertThat(Layout.of(Shape.of(16, 16), square, "x", SWAPPING, base("llama")))
        .hasValue(Layout.LINEAR);
  }

  @Test
  void aConvolutionsKernelMustBeThatOfItsFirstFactor() {
    Map<String, TensorSource> factors =
        ModelHeaders.named("lora")
            .tensor("a", 4, 8, 3, 3)
            .tensor("b", 24, 4, 1, 1)
            .open()
            .tensors();
    Pair pair = new Pair((Stored) factors.get("a"), (Stored) factors.get("b"));
    assertThat(pair.fit()).isTrue();
    assertThat(of(Shape.of(24, 8, 3, 3), pair)).hasValue(Layout.KERNELS);
    assertThat(of(Shape.of(24, 8, 3, 1), pair)).isEmpty();
    assertThat(of(Shape.of(24, 9, 3, 3), pair)).isEmpty();
    assertThat(of(Shape.of(25, 8, 3, 3), pair)).isEmpty();
    assertThat(of(Shape.of(24, 8, 9), pair)).isEmpty();
    assertThat(of(Shape.of(24, 72), pair)).hasValue(Layout.LINEAR);
  }
}
