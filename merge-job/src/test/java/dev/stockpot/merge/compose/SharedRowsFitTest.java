package dev.stockpot.merge.compose;

import static dev.stockpot.merge.compose.Compositions.fit;
import static dev.stockpot.merge.compose.Compositions.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.methods.widths.WidthPrograms;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Solved;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Maps between widths are found by the rows of tokens that both models have, and by no others. */
class SharedRowsFitTest {
  private static final String BOTH = "as: map, from: a, to: b, ";
  private static final int[] SHARED = {4, -1, 0, 2};

  private final ModelHeaders a = ModelHeaders.named("a").tensor("wte.weight", 4, 2);
  private ModelHeaders b = ModelHeaders.named("b").tensor("x.embed_tokens.weight", 5, 3);

  private Carrying.Fitted fitted(String rule, int... shared) {
    Compositions.SharedTokens tokens =
        (one, other) -> {
          assertThat(one + " " + other).isEqualTo("a b");
          return shared;
        };
    return new SharedRowsFit(Compositions.opened(List.of(a, b)), tokens).fitted(fit(BOTH + rule));
  }

  private void refuses(String message, String rule, int... shared) {
    assertThatThrownBy(() -> fitted(rule, shared))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void rowsOfSharedTokensStandBesideEachOther() {
    Carrying.Fitted fitted = fitted("fit: least_squares, ridge: 0.5", SHARED);
    Solved map = (Solved) fitted.map();
    assertThat(map.shape()).as("to, from").isEqualTo(Shape.of(3, 2));
    assertThat(map.dtype()).isEqualTo(DType.F32);
    assertThat(map.storedType()).isEqualTo(DType.F32);
    assertThat(rows(map.inputs().get(0))).isEqualTo("wte.weight0 wte.weight2 wte.weight3");
    assertThat(rows(map.inputs().get(1)).replace("x.embed_tokens.weight", "b"))
        .isEqualTo("b4 b0 b2");
    assertThat(map.program()).isEqualTo(WidthPrograms.leastSquares(3, 2, 3, 0.5, false));
    assertThat(map.terms()).isEqualTo("least_squares of 3 shared tokens of a and b, ridge 0.5");
    assertThat(fitted.words()).isEqualTo("least_squares of 3 shared tokens of a and b");
    assertThat(fitted.explained()).isEmpty();
    assertThat(fitted.bias()).isEmpty();
  }

  @Test
  void tokensBeyondTheRowsOfEitherDoNotCount() {
    Solved map = (Solved) fitted("fit: least_squares", 4, 5, 0, 1, 2, 3).map();
    assertThat(rows(map.inputs().get(0))).isEqualTo("wte.weight0 wte.weight2 wte.weight3");
    assertThat(map.program()).isEqualTo(WidthPrograms.leastSquares(3, 2, 3, 0, false));
  }

  @Test
  void whatIsAskedBesideIsMadeOfTheSameRows() {
    Carrying.Fitted fitted = fitted("fit: least_squares, explained: r, bias: c", SHARED);
    Solved map = (Solved) fitted.map();
    assertThat(map.program()).isEqualTo(WidthPrograms.leastSquares(3, 2, 3, 0, true));
    assertThat(map.terms()).endsWith(", ridge 0.0, centred");
    Solved explained = (Solved) fitted.explained().orElseThrow();
    assertThat(explained.tensor()).isEqualTo("r");
    assertThat(explained.shape()).isEqualTo(Shape.of(1));
    assertThat(explained.program()).isEqualTo(WidthPrograms.explained(3, 2, 3, true));
    Solved bias = (Solved) fitted.bias().orElseThrow();
    assertThat(bias.tensor()).isEqualTo("c");
    assertThat(bias.shape()).isEqualTo(Shape.of(3));
    assertThat(bias.program()).isEqualTo(WidthPrograms.shift(3, 2, 3));
    List<TensorSource> all = List.of(map.inputs().get(0), map.inputs().get(1), map);
    assertThat(explained.inputs()).isEqualTo(all);
    assertThat(bias.inputs()).isEqualTo(all);
  }

  @Test
  void aTurnNeedsOneWidth() {
    refuses(
        "an orthogonal map needs equal widths, and they are 2 and 3; use fit: least_squares",
        "fit: procrustes",
        SHARED);
    b = ModelHeaders.named("b").tensor("wte.weight", 5, 2);
    Solved map = (Solved) fitted("fit: procrustes", SHARED).map();
    assertThat(map.program()).isEqualTo(WidthPrograms.procrustes(3, 2, false));
    assertThat(map.shape()).isEqualTo(Shape.of(2, 2));
  }

  @Test
  void fewerTokensThanDimensionsNeedARidge() {
    refuses(
        "a and b share 1 tokens, too few for a width of 2; give a `ridge`, or use fit: crossgram",
        "fit: least_squares",
        -1,
        0);
    assertThat(((Solved) fitted("fit: least_squares, ridge: 1", -1, 0).map()).program())
        .isEqualTo(WidthPrograms.leastSquares(1, 2, 3, 1, false));
    assertThat(((Solved) fitted("fit: least_squares", 1, 0).map()).program())
        .as("as many as dimensions are enough")
        .isEqualTo(WidthPrograms.leastSquares(2, 2, 3, 0, false));
  }

  @Test
  void withoutATokenThereIsNoMapWhateverTheRidge() {
    refuses("a and b share no token", "fit: least_squares, ridge: 1", -1, 7);
    refuses("a and b share no token", "fit: least_squares, ridge: 1");
  }

  private static TensorSource embedding(ModelHeaders model) {
    return SharedRowsFit.embedding(model.open(), Compositions.named("m"));
  }

  private static void assertNone(ModelHeaders model, String message) {
    assertThatThrownBy(() -> embedding(model))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.embed_tokens.weight",
        "transformer.wte.weight",
        "transformer.word_embeddings.weight",
        "word_embedding.weight",
        "gpt_neox.embed_in.weight",
        "tok_embeddings.weight",
        "tokens_embed.weight"
      })
  void embeddingsAreKnownByTheirNames(String name) {
    ModelHeaders model =
        ModelHeaders.named("m")
            .tensor(name, 4, 2)
            .tensor("wpe.weight", 4, 2)
            .tensor(name + ".absmax", 2);
    assertThat(embedding(model).place(0).tensor()).isEqualTo(name);
  }

  @Test
  void aModelWithoutAnEmbeddingOrWithTwoIsRefused() {
    String message = "m has %s tensors that are called as an embedding of tokens is, must be one";
    assertNone(ModelHeaders.named("m").tensor("wte.bias", 4, 2), message.formatted(0));
    assertNone(
        ModelHeaders.named("m").tensor("wte.weight", 4, 2).tensor("dec.wte.weight", 4, 2),
        message.formatted(2));
  }

  @Test
  void anEmbeddingIsAMatrixOfNumbers() {
    assertNone(
        ModelHeaders.named("m").tensor("wte.weight", 8),
        "wte.weight of m is BF16 [8], no matrix of numbers");
    assertNone(
        ModelHeaders.named("m").tensor("wte.weight", DType.I32, 4, 2),
        "wte.weight of m is I32 [4, 2], no matrix of numbers");
  }
}
