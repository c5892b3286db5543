package dev.stockpot.kernels.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/** Matrices become tensors, each element rounded once. */
class OperandsTest {
  /** Of two steps, float32 between them, each to nearest. */
  private static float twice(double exact) {
    return Bfloat16.toFloat(Bfloat16.fromFloat((float) exact));
  }

  private static float byOdd(double exact) {
    return Bfloat16.toFloat(Bfloat16.fromFloat(Operands.toOdd(exact)));
  }

  @Test
  void aNumberBesideTheMiddleOfTwoIsRoundedToItsSide() {
    double middle = 1 + 0x1p-8; // between 1 and 1 + 2⁻⁷; to even, that is 1
    double above = middle + 0x1p-40; // which float32 does not hold

    assertThat(twice(above)).isEqualTo(1);
    assertThat(byOdd(above)).isEqualTo(1 + 0x1p-7f);
    assertThat(byOdd(-above)).isEqualTo(-1 - 0x1p-7f);
    assertThat(byOdd(middle)).isEqualTo(1);
    assertThat(byOdd(middle - 0x1p-40)).isEqualTo(1);
  }

  @Test
  void randomNumbersAreRoundedToTheNearest() {
    Random random = new Random(5);
    for (int i = 0; i < 100_000; i++) {
      double exact = random.nextGaussian() * Math.scalb(1.0, random.nextInt(60) - 30);
      float rounded = byOdd(exact);
      int bits = Float.floatToRawIntBits(rounded);
      for (int beside : new int[] {-0x10000, 0x10000}) {
        double other = Float.intBitsToFloat(bits + beside);
        assertThat(Math.abs(exact - rounded)).isLessThanOrEqualTo(Math.abs(exact - other));
      }
    }
  }

  @Test
  void whatFloat32HoldsStaysAndWhatItDoesNotIsOdd() {
    for (double exact :
        new double[] {
          0, -0.0, 1, 0.5, Float.MAX_VALUE, Double.POSITIVE_INFINITY, Float.MIN_VALUE
        }) {
      assertThat(Operands.toOdd(exact)).isEqualTo((float) exact);
    }
    assertThat(Operands.toOdd(Double.NaN)).isNaN();
    assertThat(Operands.toOdd(1e300)).isEqualTo(Float.MAX_VALUE);
    assertThat(Operands.toOdd(1e-300)).isEqualTo(Float.MIN_VALUE);
    assertThat(Operands.toOdd(-1e-300)).isEqualTo(-Float.MIN_VALUE);
  }

  @Test
  void onlyFloat32IsRoundedToOdd() {
    try (Algebra algebra = Algebra.scalar();
        RootAllocator memory = new RootAllocator();
        ArrowBuf buffer = memory.buffer(16)) {
      Matrix one = algebra.matrix(new double[][] {{1 + 0x1p-30}});
      Operand floats = new Operand(buffer, DType.F32, 1);
      algebra.matrices().writeToBeRounded(one, floats);
      assertThat(floats.floats().get(0)).isEqualTo(Math.nextUp(1f));
      algebra.matrices().write(one, floats);
      assertThat(floats.floats().get(0)).isEqualTo(1);

      Operand doubles = new Operand(buffer, DType.F64, 1);
      algebra.matrices().write(one, doubles);
      assertThat(doubles.doubles().get(0)).isEqualTo(1 + 0x1p-30);
      assertThatThrownBy(() -> algebra.matrices().writeToBeRounded(one, doubles))
          .hasMessage("a matrix is rounded to odd as F32, not as F64");
    }
  }
}
