package dev.stockpot.kernels.methods.average;

import static dev.stockpot.kernels.methods.Closeness.assertClose;
import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.methods.Formulas;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.methods.Sizes;
import dev.stockpot.kernels.methods.Terms;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PassthroughTest {
  static Stream<Merging> onCpu() {
    return Merging.onCpu();
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void scales(Merging merging) {
    for (int n : Sizes.AROUND_BLOCKS_AND_LANES) {
      float[] model = Samples.normal(n, 1, n);
      Terms terms = Terms.of("passthrough", n).model("scale", -0.7);

      assertClose(merging.merge(terms, model), Formulas.linear(new double[] {-0.7}, false, model));
    }
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void keepsEveryValueByDefault(Merging merging) {
    float[] model = Samples.awkward(10_000, 5);
    Terms terms = Terms.of("passthrough", model.length).model();
    float[] merged = merging.merge(terms, model);

    assertThat(merged).isEqualTo(model); // as Float.equals has it: zeros differ by sign, NaN is NaN
  }

  @ParameterizedTest
  @MethodSource("onCpu")
  void aScaleOfZeroGivesZeros(Merging merging) {
    float[] merged =
        merging.merge(Terms.of("passthrough", 3).model("scale", 0.0), new float[] {1f, 2f, 0f});

    assertSameBits(merged, new float[3]);
  }

  @Test
  void bytesAreKeptUnlessScaled() {
    Passthrough passthrough = new Passthrough();

    assertThat(passthrough.keepsBytes(Terms.of("passthrough", 1).model().build())).isTrue();
    assertThat(passthrough.keepsBytes(Terms.of("passthrough", 1).model("scale", 1.1).build()))
        .isFalse();
  }
}
