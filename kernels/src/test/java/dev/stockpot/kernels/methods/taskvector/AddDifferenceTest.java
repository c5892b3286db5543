package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.methods.FineTunes;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import dev.stockpot.kernels.methods.Vectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AddDifferenceTest {
  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  private static Terms terms(int n, double alpha) {
    return Terms.of("add_difference", n).model().model().model().merge("alpha", alpha);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void isTheFirstAndTheDifferenceOfTheOthers(Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      float[][] inputs = FineTunes.withBase(2, n);
      assertClose(
          merging.merge(terms(n, 0.75), inputs),
          Vectors.sum(1, Vectors.of(inputs[0]), 0.75, Vectors.minus(inputs[1], inputs[2])));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void whereTheOthersAreEqualTheFirstStaysBitForBit(Merging merging) {
    float[][] inputs = FineTunes.withBase(2, 3_000);
    inputs[2] = inputs[1].clone();

    assertSameBits(merging.merge(terms(3_000, 0.3), inputs), inputs[0]);
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void alphaZeroGivesTheFirstWhateverTheOthersHold(Merging merging) {
    float[][] inputs = FineTunes.withBase(2, 3_000);
    inputs[1][7] = Float.NaN;

    assertSameBits(merging.merge(terms(3_000, 0), inputs), inputs[0]);
    assertThat(terms(3_000, 0).method().alone(terms(3_000, 0).build())).hasValue(0);
    assertThat(terms(3_000, 0.1).method().alone(terms(3_000, 0.1).build())).isEmpty();
  }

  @Test
  void takesThreeModels() {
    Terms two = Terms.of("add_difference", 4).model().model();
    assertThatThrownBy(two::program)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has 2 models, takes 3 to 3");
  }
}
