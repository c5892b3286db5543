package dev.stockpot.kernels.methods;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Methods that look at rows: whoever merges them and however a tensor is cut between them. */
class RowsTest {
  private static final Merging SCALAR = Merging.by(new ScalarProvider());
  private static final Merging VECTOR = Merging.by(new VectorProvider());

  /** Inputs, made once: by their length and their place. */
  private static final Map<Integer, Map<Integer, float[]>> NORMAL = new HashMap<>();

  @AfterAll
  static void forget() {
    NORMAL.clear();
  }

  /** A method with its models, the base first. */
  private record Recipe(String method, int inputs, UnaryOperator<Terms> models) {
    Terms terms(int rows, int columns) {
      return models.apply(Terms.of(method, rows * columns).shape(rows, columns).base());
    }

    @Override
    public String toString() {
      return method;
    }
  }

  private static final List<Recipe> RECIPES =
      List.of(
          new Recipe("della", 3, RowsTest::thinnedByRank),
          new Recipe("della_linear", 3, RowsTest::thinnedByRank),
          new Recipe("arcee_fusion", 2, Terms::model),
          new Recipe("model_stock", 3, t -> t.model().model().merge("filter_wise", true)),
          new Recipe("nuslerp", 3, terms -> weighted(terms, false)),
          new Recipe("nuslerp", 3, terms -> weighted(terms, true)));

  private static Terms weighted(Terms terms, boolean columnWise) {
    return terms
        .model("weight", 0.7)
        .model("weight", 1.2)
        .merge("nuslerp_flatten", false, "nuslerp_row_wise", columnWise);
  }

  private static Terms thinnedByRank(Terms terms) {
    return terms
        .model("weight", 0.7, "density", 0.45, "epsilon", 0.2)
        .model("weight", 1.2, "density", 0.2, "epsilon", 0.1);
  }

  static Stream<Arguments> recipesByRowLength() {
    return RECIPES.stream()
        .flatMap(recipe -> Sizes.rows().mapToObj(length -> Arguments.of(recipe, length)));
  }

  @ParameterizedTest(name = "{0}, rows of {1}")
  @MethodSource("recipesByRowLength")
  void lanesAndLoopsGiveTheSameBits(Recipe recipe, int columns) {
    for (int rows : new int[] {1, 5}) {
      int n = rows * columns;
      List<UnaryOperator<float[]>> kinds =
          List.of(
              UnaryOperator.identity(),
              values -> Samples.awkward(n, Arrays.hashCode(values)),
              values -> Samples.tied(n, 1));
      for (UnaryOperator<float[]> kind : kinds) {
        float[][] inputs = inputs(recipe, n);
        for (int i = 0; i < inputs.length; i++) {
          inputs[i] = kind.apply(inputs[i]);
        }
        Terms terms = recipe.terms(rows, columns);
        assertSameBits(VECTOR.merge(terms, inputs), SCALAR.merge(terms, inputs));
      }
    }
  }

  static Stream<Arguments> recipesByCutRowLength() {
    return RECIPES.stream()
        .flatMap(
            recipe -> IntStream.of(7, 2_049, 70_001).mapToObj(rows -> Arguments.of(recipe, rows)));
  }

  @ParameterizedTest(name = "{0}, rows of {1}")
  @MethodSource("recipesByCutRowLength")
  void cutsBetweenRowsDoNotShow(Recipe recipe, int columns) {
    int reduction = (int) Block.reductionElements(columns);
    int rows = 2 * reduction / columns + 2;
    float[][] inputs = inputs(recipe, rows * columns);
    Terms terms = recipe.terms(rows, columns);
    float[] whole = VECTOR.in(DType.BF16).merge(terms, inputs);
    for (Merging cut : List.of(VECTOR.cutAt(reduction, 2 * reduction), SCALAR.cutAt(reduction))) {
      assertSameBits(cut.in(DType.BF16).merge(terms, inputs), whole);
    }
  }

  private static float[][] inputs(Recipe recipe, int n) {
    float[][] inputs = new float[recipe.inputs()][];
    Arrays.setAll(
        inputs,
        i ->
            NORMAL
                .computeIfAbsent(n, any -> new HashMap<>())
                .computeIfAbsent(i, any -> Samples.normal(n, 0.05, i)));
    return inputs;
  }
}
