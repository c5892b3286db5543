package dev.stockpot.kernels.methods;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Lanes and plain loops give equal bits, by every method, whatever the elements are. */
class ProviderPropertyTest {
  private static final Merging SCALAR = Merging.by(new ScalarProvider());
  private static final Merging VECTOR = Merging.by(new VectorProvider());

  private enum Type {
    BF16(DType.BF16),
    F16(DType.F16),
    F32(DType.F32),
    F64(DType.F64);

    private final DType dtype;

    Type(DType dtype) {
      this.dtype = dtype;
    }
  }

  @Provide
  Arbitrary<float[][]> tensors() {
    return Generated.tensors(EveryMethod.MOST_INPUTS, Generated.anything());
  }

  @Property(tries = 30)
  void elementsOfEveryClass(@ForAll("tensors") float[][] tensors, @ForAll Type type) {
    assertProvidersAgree(1, tensors[0].length, type.dtype, tensors);
  }

  @Property(tries = 6)
  void awkwardSizes(
      @ForAll @IntRange(min = 1, max = 4_200) int columns,
      @ForAll @IntRange(min = 1, max = 3) int rows,
      @ForAll @LongRange(min = 0) long seed,
      @ForAll Type type) {
    float[][] tensors = new float[EveryMethod.MOST_INPUTS][];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = Samples.awkward(rows * columns, seed + i);
    }
    assertProvidersAgree(rows, columns, type.dtype, tensors);
  }

  private static void assertProvidersAgree(int rows, int columns, DType type, float[]... tensors) {
    for (EveryMethod each : EveryMethod.all()) {
      float[][] inputs = Arrays.copyOf(tensors, each.inputs());
      Terms terms = each.terms(rows, columns);
      assertSameBits(VECTOR.in(type).merge(terms, inputs), SCALAR.in(type).merge(terms, inputs));
    }
  }
}
