package dev.stockpot.kernels.scalar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each operation is, by hand: at zeros of either sign, at ties, at infinities and NaN. Others
 * must equal the plain loops; these have to be right.
 */
class ScalarKernelsTest {
  private static final float NAN = Float.NaN;
  private static final float MOST = Float.POSITIVE_INFINITY;

  private final Operands operands = new Operands();

  @AfterEach
  void close() {
    operands.close();
  }

  static List<KernelProvider> providers() {
    return List.of(new ScalarProvider(), new VectorProvider());
  }

  /** What becomes of two vectors. */
  private interface Work {
    <V> void apply(Kernels<V> kernels, V a, V b);
  }

  /** The first vector afterwards, as it is stored. */
  private float[] made(KernelProvider provider, float[] a, float[] b, Work work) {
    try (Kernels<?> kernels = provider.open()) {
      return made(kernels, a, b, work);
    }
  }

  private <V> float[] made(Kernels<V> kernels, float[] a, float[] b, Work work) {
    Operand output = operands.zeros(DType.F32, a.length);
    V first = kernels.vector();
    V second = kernels.vector();
    kernels.begin(new Block(0, 0, a.length));
    kernels.load(operands.of(DType.F32, a), first);
    kernels.load(operands.of(DType.F32, b), second);
    work.apply(kernels, first, second);
    kernels.store(first, output);
    return Operands.floats(output);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void signsThatOpposeAreTakenOutAndZeroOpposesWhatIsNegative(KernelProvider provider) {
    float[] a = {1, -1, 1, -1, 1, -1, 0, 2, -2};
    float[] sign = {5, 5, -5, -5, 0, 0, -1, NAN, NAN};
    Work work =
        new Work() {
          @Override
          public <V> void apply(Kernels<V> kernels, V x, V y) {
            kernels.keepSign(x, y, x);
          }
        };

    assertThat(made(provider, a, sign, work)).containsExactly(1, 0, 0, -1, 1, 0, 0, 2, 0);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void ofEqualMagnitudesTheFirstIsTheLargest(KernelProvider provider) {
    float[] a = {1, -3, 2, NAN, 1, -0f};
    float[] b = {-1, 2, -2.5f, MOST, NAN, 0f};
    Work work =
        new Work() {
          @Override
          public <V> void apply(Kernels<V> kernels, V x, V y) {
            kernels.largest(x, y, x);
          }
        };

    assertThat(made(provider, a, b, work)).containsExactly(1, -3, -2.5f, NAN, NAN, -0f);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void thresholdsAreOfMagnitudesAndNanIsAboveAll(KernelProvider provider) {
    float[] a = {2, -2, 1.5f, -2.5f, NAN, -MOST, 0};
    Work above =
        new Work() {
          @Override
          public <V> void apply(Kernels<V> kernels, V x, V y) {
            kernels.keepAbove(x, 2, x);
          }
        };
    Work from =
        new Work() {
          @Override
          public <V> void apply(Kernels<V> kernels, V x, V y) {
            kernels.keepFrom(x, -2, x);
          }
        };

    assertThat(made(provider, a, a, above)).containsExactly(0, 0, 0, -2.5f, NAN, -MOST, 0);
    assertThat(made(provider, a, a, from)).containsExactly(2, -2, 0, -2.5f, NAN, -MOST, 0);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void divisionByZeroLeavesWhatIsDivided(KernelProvider provider) {
    float[] a = {6, 6, -6, 6, NAN, 0};
    float[] b = {3, 0, -0f, NAN, 0, 2};
    Work work =
        new Work() {
          @Override
          public <V> void apply(Kernels<V> kernels, V x, V y) {
            kernels.divideUnlessZero(x, y, x);
          }
        };

    assertThat(made(provider, a, b, work)).containsExactly(2, 6, -6, NAN, NAN, 0);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void limitsHoldOnBothSidesAndNanStays(KernelProvider provider) {
    float[] a = {0.5f, 3, -3, MOST, -MOST, NAN};
    Work work =
        new Work() {
          @Override
          public <V> void apply(Kernels<V> kernels, V x, V y) {
            kernels.limit(x, 2, x);
          }
        };

    assertThat(made(provider, a, a, work)).containsExactly(0.5f, 2, -2, 2, -2, NAN);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void theLesserAndTheGreaterOfANanAreNan(KernelProvider provider) {
    float[] a = {1, NAN, 1, -0f, 0f};
    float[] b = {2, 1, NAN, 0f, -0f};
    Work least =
        new Work() {
          @Override
          public <V> void apply(Kernels<V> kernels, V x, V y) {
            kernels.min(x, y, x);
          }
        };
    Work most =
        new Work() {
          @Override
          public <V> void apply(Kernels<V> kernels, V x, V y) {
            kernels.max(x, y, x);
          }
        };

    assertThat(made(provider, a, b, least)).containsExactly(1, NAN, NAN, -0f, -0f);
    assertThat(made(provider, a, b, most)).containsExactly(2, NAN, NAN, 0f, 0f);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void masksAreWhereSomethingIsNotZero(KernelProvider provider) {
    float[] a = {1, 2, 3, 4, NAN};
    float[] mask = {1, 0, -0f, NAN, 0};
    Work keep =
        new Work() {
          @Override
          public <V> void apply(Kernels<V> kernels, V x, V y) {
            kernels.keepWhereNotZero(x, y, x);
          }
        };
    Work add =
        new Work() {
          @Override
          public <V> void apply(Kernels<V> kernels, V x, V y) {
            kernels.addWhereNotZero(y, 0.5f, x);
          }
        };

    assertThat(made(provider, a, mask, keep)).containsExactly(1, 0, 0, 4, 0);
    assertThat(made(provider, a, mask, add)).containsExactly(1.5f, 2, 3, 4.5f, NAN);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void magnitudesThatAreEqualAreCountedWithZerosOfBothSigns(KernelProvider provider) {
    Operand values = operands.of(DType.F32, 2, -2, 0, -0f, NAN, -NAN, 1);
    try (Kernels<?> kernels = provider.open()) {
      assertThat(equal(kernels, values, 2)).isEqualTo(2);
      assertThat(equal(kernels, values, -0f)).isEqualTo(2);
      assertThat(equal(kernels, values, NAN)).isEqualTo(2);
      assertThat(equal(kernels, values, 3)).isZero();
    }
  }

  private static <V> int equal(Kernels<V> kernels, Operand values, float magnitude) {
    V vector = kernels.vector();
    kernels.begin(new Block(0, 0, values.elements()));
    kernels.load(values, vector);
    return kernels.countEqual(vector, magnitude);
  }

  /** Each product has a rounding of its own: no multiply-add is fused. */
  @ParameterizedTest
  @MethodSource("providers")
  void aMultipleIsRoundedBeforeItIsAdded(KernelProvider provider) {
    float factor = 1 + 0x1p-12f;
    Work work =
        new Work() {
          @Override
          public <V> void apply(Kernels<V> kernels, V x, V y) {
            kernels.addScaled(operands.of(DType.F32, factor), factor, x);
          }
        };

    // (1 + 2⁻¹²)² = 1 + 2⁻¹¹ + 2⁻²⁴, of which float32 has 1 + 2⁻¹¹
    assertThat(made(provider, new float[] {-1 - 0x1p-11f}, new float[1], work)).containsExactly(0);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void blocksThatAreTooLongAreRefused(KernelProvider provider) {
    try (Kernels<?> kernels = provider.open()) {
      int most = kernels.capacity();
      Block block = new Block(0, 0, most + 1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> kernels.begin(block))
          .withMessage("%s has more than %s elements", block, most);
    }
    try (Kernels<?> kernels = provider.open(BlockStorage.CAPACITY + 1)) {
      assertThat(kernels.capacity() % 16).isZero();
      assertThat(kernels.capacity())
          .isBetween(BlockStorage.CAPACITY + 1, BlockStorage.CAPACITY + 99);
    }
  }

  /** They are read only: of a merge nothing is rounded to eight bits. */
  @ParameterizedTest
  @MethodSource("providers")
  void numbersOfEightBitsAreNotStored(KernelProvider provider) {
    Operand eight = operands.zeros(DType.F8_E4M3, 1);
    try (Kernels<?> kernels = provider.open()) {
      refuses(kernels, eight);
    }
    assertThat(Operands.bytes(eight)).containsExactly(0);
  }

  private static <V> void refuses(Kernels<V> kernels, Operand output) {
    V vector = kernels.vector();
    kernels.begin(new Block(0, 0, 1));
    assertThatThrownBy(() -> kernels.store(vector, output))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("F8_E4M3 passed as an operand");
  }
}
