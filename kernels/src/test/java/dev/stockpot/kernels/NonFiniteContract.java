package dev.stockpot.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.kernels.random.Rounding.Mode;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.statistic.NonFinite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is asked of every provider when it stores NaN and infinity: all count them, by their cause.
 */
abstract class NonFiniteContract {
  static final KernelProvider SCALAR = new ScalarProvider();
  static final int MARGIN = 5;

  final Operands operands = new Operands();

  protected abstract KernelProvider provider();

  @AfterEach
  void returnBuffers() {
    operands.close();
  }

  static Stream<Arguments> typesBySize() {
    return Stream.of(DType.values())
        .filter(DType::isWritable)
        .flatMap(type -> KernelsContract.sizes().mapToObj(size -> Arguments.of(type, size)));
  }

  static Rounding stochastic(long seed) {
    return Rounding.of(Mode.STOCHASTIC, seed, "lm_head.weight");
  }

  /** Around where types end, beside all else. */
  private static final double[] LARGE = {
    65_504, 65_519, 65_520, 1e5, 0x1.FEp127, 0x1.FEFFFEp127, 0x1.FFp127, 3.4e38, 1e39, -1e300
  };

  @ParameterizedTest
  @MethodSource("typesBySize")
  void whatIsNotFiniteIsCountedByItsCause(DType type, int size) {
    Random random = new Random(size);
    float[] values = Samples.awkward(size + 2 * MARGIN, 1);
    for (int i = 0; i < values.length; i += 1 + random.nextInt(40)) {
      values[i] = (float) LARGE[random.nextInt(LARGE.length)];
    }
    for (Rounding rounding : new Rounding[] {Rounding.NEAREST, stochastic(3)}) {
      NonFiniteTally tally = new NonFiniteTally(inputsLike(values, random));
      Operand to =
          operands.output(type, values.length, rounding, Optional.empty(), Optional.of(tally));
      try (Kernels<?> kernels = provider().open()) {
        storeHavingLoaded(tally.inputs(), kernels, operands.of(DType.F32, values), to, 7);
      }
      assertThat(tally.found()).isEqualTo(expected(tally.inputs(), values, to));
      assertThat(tally.first().map(NonFiniteTally.First::element))
          .isEqualTo(firstNonFinite(to).map(place -> 7L + place - MARGIN));
    }
  }

  /** Inputs of every type, some of them not finite where the result is not. */
  private List<Operand> inputsLike(float[] values, Random random) {
    List<Operand> inputs = new ArrayList<>();
    for (DType type : DType.values()) {
      if (type.isReadable()) {
        float[] input = Samples.normal(values.length, 1, type.bits());
        for (int i = 0; i < values.length; i++) {
          if (!Float.isFinite(values[i]) && random.nextInt(12) == 0) {
            input[i] = values[i];
          }
        }
        Operand operand = operands.of(type, input);
        for (int i = 0; i < values.length && type == DType.F64; i++) {
          if (random.nextInt(9) == 0) {
            operand.doubles().put(i, LARGE[random.nextInt(LARGE.length)]);
          }
        }
        inputs.add(operand);
      }
    }
    return inputs;
  }

  /** By the definition, one element after another. */
  private static NonFinite expected(List<Operand> inputs, float[] results, Operand stored) {
    NonFinite all = NonFinite.NONE;
    for (int i = MARGIN; i < results.length - MARGIN; i++) {
      int place = i;
      boolean isCarried = inputs.stream().anyMatch(it -> !Double.isFinite(it.at(place)));
      long overflows =
          inputs.stream()
              .filter(it -> Double.isFinite(it.at(place)) && Float.isInfinite((float) it.at(place)))
              .count();
      NonFinite one = new NonFinite(0, 0, 0, overflows);
      if (!Double.isFinite(stored.at(place))) {
        boolean isNarrowed = Float.isFinite(results[i]) || (!isCarried && overflows > 0);
        one =
            new NonFinite(
                isNarrowed ? 1 : 0,
                !isNarrowed && isCarried ? 1 : 0,
                !isNarrowed && !isCarried ? 1 : 0,
                overflows);
      }
      all = all.plus(one);
    }
    return all;
  }

  private static Optional<Integer> firstNonFinite(Operand stored) {
    return IntStream.range(MARGIN, stored.elements() - MARGIN)
        .filter(i -> !Double.isFinite(stored.at(i)))
        .boxed()
        .findFirst();
  }

  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16", "F32", "F64"})
  void nothingIsCountedWhereAllIsFinite(DType type) {
    float[] values = Samples.normal(5_000, 1, 1);
    NonFiniteTally tally = new NonFiniteTally(List.of(operands.of(DType.F64, values)));
    storeAll(
        values,
        operands.output(
            type, values.length, Rounding.NEAREST, Optional.empty(), Optional.of(tally)));
    assertThat(tally.found()).isEqualTo(NonFinite.NONE);
    assertThat(tally.first()).isEmpty();
  }

  void storeAll(float[] values, Operand to) {
    try (Kernels<?> kernels = provider().open()) {
      storeAll(kernels, operands.of(DType.F32, values), to);
    }
  }

  static <V> void storeAll(Kernels<V> kernels, Operand from, Operand to) {
    V vector = kernels.vector();
    Block.each(
        0,
        from.elements(),
        kernels.capacity(),
        block -> {
          kernels.begin(block);
          kernels.load(from, vector);
          kernels.store(vector, to);
        });
  }

  static <V> void storeHavingLoaded(
      List<Operand> inputs, Kernels<V> kernels, Operand from, Operand to, long first) {
    V vector = kernels.vector();
    kernels.begin(new Block(first, MARGIN, from.elements() - 2 * MARGIN));
    inputs.forEach(input -> kernels.load(input, vector));
    kernels.load(from, vector);
    kernels.store(vector, to);
  }

  static <V> void store(Kernels<V> kernels, Operand from, Operand to, long first) {
    V vector = kernels.vector();
    kernels.begin(new Block(first, MARGIN, from.elements() - 2 * MARGIN));
    kernels.load(from, vector);
    kernels.store(vector, to);
  }
}
