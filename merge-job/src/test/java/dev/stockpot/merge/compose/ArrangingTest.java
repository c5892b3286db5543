package dev.stockpot.merge.compose;

import static dev.stockpot.merge.compose.Compositions.elements;
import static dev.stockpot.merge.compose.Compositions.rows;
import static dev.stockpot.merge.compose.FusingTest.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.recipe.ComposeRule.Take;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a rule makes of the tensors that it matched: turned, cut, split, or behind each other. */
class ArrangingTest {
  private static final TensorSource W = stored("w", 2, 3);
  private static final TensorSource V = stored("v", 6);
  private static final String SILENT = "{}";

  private static List<TensorSource> arranged(String config, String rule, TensorSource... tensors) {
    Take take = Compositions.take("from: m, " + rule);
    ModelHeaders model = ModelHeaders.named("m").config(config);
    return new Arranging(take.arrangement(), model.open())
        .of(Arrays.asList(tensors), Math.max(1, take.as().size()));
  }

  private static List<String> split(String config, String rule, TensorSource tensor) {
    return arranged(config, rule, tensor).stream().map(Compositions::elements).toList();
  }

  private static void refuses(String config, String rule, TensorSource tensor, String message) {
    assertThatThrownBy(() -> arranged(config, rule, tensor))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void aRuleThatSaysNothingTakesATensorAsItIs() {
    assertThat(arranged(SILENT, "under: x", W)).containsExactly(W);
  }

  @Test
  void matricesAreTurnedAndNothingElseIs() {
    TensorSource turned = arranged(SILENT, "transpose: true", W).get(0);
    assertThat(turned.shape()).isEqualTo(Shape.of(3, 2));
    assertThat(elements(turned)).isEqualTo("w0 w3 w1 w4 w2 w5");
    TensorSource kernel = stored("k", 2, 3, 1);
    assertThat(arranged(SILENT, "transpose: true", V)).containsExactly(V);
    assertThat(arranged(SILENT, "transpose: true", kernel)).containsExactly(kernel);
  }

  @Test
  void placesAreThoseOfATensorThatIsTurnedAlready() {
    TensorSource kept = arranged(SILENT, "transpose: true, keep: [1, 3]", W).get(0);
    assertThat(elements(kept)).isEqualTo("w1 w4 w2 w5");
    assertThat(split(SILENT, "transpose: true, as: [a, b, c]", W))
        .containsExactly("w0 w3", "w1 w4", "w2 w5");
  }

  @Test
  void whatIsKeptMayEndWhereTheTensorDoesAndNoFurther() {
    assertThat(elements(arranged(SILENT, "keep: [4, 6]", V).get(0))).isEqualTo("v4 v5");
    assertThat(elements(arranged(SILENT, "keep: [2, 3], axis: 1", W).get(0))).isEqualTo("w2 w5");
    refuses(SILENT, "keep: [4, 7]", V, "4 to 7 of axis 0 are kept, and it is [6]");
    refuses(SILENT, "keep: [2, 4], axis: 1", W, "2 to 4 of axis 1 are kept, and it is [2, 3]");
  }

  @Test
  void whatIsSplitHasEqualPartsUnlessLengthsAreGiven() {
    assertThat(split(SILENT, "as: [a, b]", V)).containsExactly("v0 v1 v2", "v3 v4 v5");
    assertThat(split(SILENT, "as: [a, b, c], axis: 1", W))
        .containsExactly("w0 w3", "w1 w4", "w2 w5");
    assertThat(split(SILENT, "as: [a, b], sizes: [5, 1]", V))
        .containsExactly("v0 v1 v2 v3 v4", "v5");
    refuses(
        SILENT,
        "as: [a, b], axis: 1",
        W,
        "3 along axis 1 of [2, 3] are not 2 equal parts; give their `sizes`");
    refuses(SILENT, "as: [a, b], sizes: [1, 2, 3]", V, "`sizes` has 3 lengths for 2 names");
    refuses(SILENT, "as: [a, b], sizes: [1, 4]", V, "parts of [1, 4] have 5 along axis 0 of [6]");
  }

  @Test
  void rowsThatTakeTurnsComeApartAgain() {
    assertThat(split(SILENT, "as: [gate, up], groups: rows", V))
        .containsExactly("v0 v2 v4", "v1 v3 v5");
    TensorSource joined =
        arranged(SILENT, "join: [y], groups: rows", stored("x", 4), stored("y", 2)).get(0);
    assertThat(elements(joined)).as("as often as the shortest").isEqualTo("x0 x1 y0 x2 x3 y1");
  }

  @Test
  void aStackIsOfTensorsThatAreTurnedAlready() {
    TensorSource stack =
        arranged(SILENT, "transpose: true, join: [x], stack: true", W, stored("x", 2, 3)).get(0);
    assertThat(stack.shape()).isEqualTo(Shape.of(2, 3, 2));
    assertThat(rows(stack)).isEqualTo("w0 x0");
    assertThat(elements(stack)).startsWith("w0 w3 w1").endsWith("x2 x5");
  }

  private static final String QKV = "as: [q, k, v], sizes: heads, groups: key_value_heads";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"num_attention_heads\": 2, \"num_key_value_heads\": 1 | 4 | 2",
        "\"n_head\": 2, \"n_head_kv\": 1 | 4 | 2",
        "\"n_heads\": 4, \"num_kv_heads\": 2 | 4 | 2",
        "\"num_heads\": 2, \"num_key_value_heads\": 0, \"num_kv_heads\": 1 | 4 | 2",
        "\"num_attention_heads\": 6, \"n_head\": 2, \"n_head_kv\": 1 | 6 | 1",
      })
  void headsAreCountedByAnyNameThatFamiliesHaveForThem(String config, int queries, int keys) {
    TensorSource fused = stored("f", queries + 2 * keys);
    List<TensorSource> parts = arranged("{%s}".formatted(config), QKV, fused);
    assertThat(parts)
        .extracting(TensorSource::shape)
        .containsExactly(Shape.of(queries), Shape.of(keys), Shape.of(keys));
  }

  @Test
  void everyGroupHasItsQueriesItsKeyAndItsValue() {
    String config = "{\"num_attention_heads\": 4, \"num_key_value_heads\": 2}";
    assertThat(split(config, QKV, stored("f", 8))).containsExactly("f0 f1 f4 f5", "f2 f6", "f3 f7");
  }

  @Test
  void thePartThatDescribesTheLanguageModelCountsFirst() {
    String inner = "{\"num_attention_heads\": 8, \"text_config\": {\"num_attention_heads\": 2}}";
    assertThat(split(inner, "as: [q, k], groups: heads", stored("f", 4)))
        .containsExactly("f0 f2", "f1 f3");
    String outer = "{\"num_attention_heads\": 2, \"text_config\": {\"hidden_size\": 4}}";
    assertThat(split(outer, "as: [q, k], groups: heads", stored("f", 4)))
        .containsExactly("f0 f2", "f1 f3");
  }

  @Test
  void aModelThatCountsNoKeysHasAsManyAsQueries() {
    assertThat(split("{\"n_head\": 2}", QKV, stored("f", 6)))
        .containsExactly("f0 f3", "f1 f4", "f2 f5");
  }

  @Test
  void headsThatDoNotFitAreRefused() {
    String config = "{\"num_attention_heads\": 4, \"num_key_value_heads\": 2}";
    String message =
        "%s along axis 0 of [%s] are not queries of 4 heads, keys and values of 2 each, under three"
            + " names";
    refuses(config, QKV, stored("f", 12), message.formatted(12, 12));
    refuses(config, "as: [q, kv], sizes: heads", stored("f", 8), message.formatted(8, 8));
    refuses(
        "{\"num_attention_heads\": 0}",
        "as: [q, k], groups: heads",
        V,
        "config.json of m has none of num_attention_heads, n_head, n_heads, num_heads, so heads"
            + " cannot be counted; give numbers");
  }
}
