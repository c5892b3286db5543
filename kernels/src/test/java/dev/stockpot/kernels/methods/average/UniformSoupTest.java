package dev.stockpot.kernels.methods.average;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.methods.FineTunes;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.number.DType;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UniformSoupTest {
  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void isTheAverageByEqualWeights(Merging merging) {
    float[][] models = FineTunes.withBase(2, 4_100);
    Terms linear =
        Terms.of("linear", 4_100).model("weight", 1.0).model("weight", 1.0).model("weight", 1.0);

    assertSameBits(
        merging.merge(Terms.of("uniform_soup", 4_100).model().model().model(), models),
        merging.merge(linear, models));
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void theSoupOfCopiesIsTheCopy(Merging merging) {
    Merging halves = merging.in(DType.BF16);
    float[] model =
        halves.merge(Terms.of("uniform_soup", 4_100).model(), Samples.normal(4_100, 0.05, 1));

    assertSameBits(
        halves.merge(Terms.of("uniform_soup", 4_100).model().model().model(), model, model, model),
        model);
  }
}
