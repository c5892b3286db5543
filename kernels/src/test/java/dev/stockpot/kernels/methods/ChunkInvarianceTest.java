package dev.stockpot.kernels.methods;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** However a large tensor is cut, and whoever merges it, the bits are the same. */
class ChunkInvarianceTest {
  private static final int ONE = Block.REDUCTION_ELEMENTS;
  private static final int ELEMENTS = 2 * ONE + 4_099;
  private static final Merging LOOPS = Merging.by(new ScalarProvider());
  private static final Merging LANES = Merging.by(new VectorProvider());

  private static final float[][] NORMAL = {
    Samples.normal(ELEMENTS, 0.05, 1),
    Samples.normal(ELEMENTS, 0.05, 2),
    Samples.normal(ELEMENTS, 0.05, 3)
  };
  private static final float[][] TIED = {
    new float[ELEMENTS], Samples.tied(ELEMENTS, 2), Samples.tied(ELEMENTS, 3)
  };

  static Stream<Arguments> recipes() {
    return Stream.of(
        Arguments.of(
            "linear", Terms.of("linear", ELEMENTS).model("weight", 0.7).model("weight", 2.1)),
        Arguments.of("slerp", Terms.of("slerp", ELEMENTS).base().model().merge("t", 0.37)),
        Arguments.of("nuslerp", weighted("nuslerp")),
        Arguments.of("multislerp", weighted("multislerp")),
        Arguments.of("karcher", Terms.of("karcher", ELEMENTS).model().model().model()),
        Arguments.of("model_stock", onBase("model_stock")),
        Arguments.of("median", Terms.of("median", ELEMENTS).model().model().model()),
        Arguments.of("nearswap", Terms.of("nearswap", ELEMENTS).base().model().merge("t", 0.01)),
        Arguments.of("breadcrumbs_ties", breadcrumbs()),
        Arguments.of("consensus", onBase("consensus")),
        Arguments.of("magmax", onBase("magmax")),
        Arguments.of("emr", onBase("emr")),
        Arguments.of("ram", onBase("ram").merge("epsilon", 0.25)),
        Arguments.of(
            "ramplus_tl", onBase("ramplus_tl").merge("epsilon", 0.25, "r", 0.3, "alpha", 5.0)),
        Arguments.of("dare_ties", taskVectors("dare_ties", true)),
        Arguments.of("ties", taskVectors("ties", false)),
        Arguments.of("rescaled ties", taskVectors("ties", true)),
        Arguments.of(
            "sce", Terms.of("sce", ELEMENTS).base().model().model().merge("select_topk", 0.4)));
  }

  private static Terms onBase(String method) {
    return Terms.of(method, ELEMENTS).base().model().model();
  }

  private static Terms weighted(String method) {
    return Terms.of(method, ELEMENTS).base().model("weight", 0.7).model("weight", 2.1);
  }

  private static Terms breadcrumbs() {
    return Terms.of("breadcrumbs_ties", ELEMENTS)
        .base()
        .model("weight", 0.7, "density", 0.45, "gamma", 0.01)
        .model("weight", 1.2, "density", 0.2, "gamma", 0.3);
  }

  private static Terms taskVectors(String method, boolean rescale) {
    return Terms.of(method, ELEMENTS)
        .base()
        .model("weight", 0.7, "density", 0.45)
        .model("weight", 1.2, "density", 0.2)
        .merge("normalize", true, "rescale", rescale, "lambda", 0.9);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("recipes")
  void cutsDoNotShow(String name, Terms terms) {
    assertCutsDoNotShow(terms, DType.F32, NORMAL);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("recipes")
  void cutsDoNotShowWhereManyMagnitudesAreEqual(String name, Terms terms) {
    assertCutsDoNotShow(terms, DType.BF16, TIED);
  }

  private static void assertCutsDoNotShow(Terms terms, DType type, float[][] threeInputs) {
    float[][] inputs = Arrays.copyOf(threeInputs, terms.build().models().size());
    float[] whole = LOOPS.in(type).merge(terms, inputs);
    Stream.of(LANES.cutAt(ONE, 2 * ONE), LOOPS.cutAt(2 * ONE))
        .map(merging -> merging.in(type))
        .forEach(merging -> assertSameBits(merging.merge(terms, inputs), whole));
  }
}
