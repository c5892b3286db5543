package dev.stockpot.kernels.methods;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** By every method, the bits are the same wherever a tensor is cut. */
class ChunkPropertyTest {
  private static final int COLUMNS = 1_000;
  private static final int LONGEST_TAIL = 40;
  private static final Merging MERGING = Merging.by(new ScalarProvider());

  @Provide
  Arbitrary<float[][]> tensors() {
    return Generated.tensors(EveryMethod.MOST_INPUTS, Generated.anything());
  }

  /** Methods that need no statistic may be cut anywhere, or between any rows. */
  @Property(tries = 25)
  void ofMethodsWithoutAScan(
      @ForAll("tensors") float[][] tensors,
      @ForAll @Size(min = 1, max = 4) Set<@IntRange(min = 1, max = 69) Integer> places) {
    int n = tensors[0].length;
    Integer[] cuts = new TreeSet<>(places).stream().filter(cut -> cut < n).toArray(Integer[]::new);
    for (EveryMethod each : EveryMethod.all()) {
      Terms terms = each.terms(n, 1); // rows of one element: all places lie between rows
      if (terms.program().scan().isEmpty()) {
        float[][] inputs = Arrays.copyOf(tensors, each.inputs());
        assertSameBits(MERGING.cutAt(cuts).merge(terms, inputs), MERGING.merge(terms, inputs));
      }
    }
  }

  /** The others between blocks of reductions, which are whole rows where rows matter. */
  @Property(tries = 1)
  void ofAllMethods(
      @ForAll @IntRange(min = 2, max = LONGEST_TAIL) int tail,
      @ForAll @IntRange(min = 1, max = 3) int cuts,
      @ForAll boolean isTied) {
    int rows = 2 * Block.REDUCTION_ELEMENTS / COLUMNS + tail;
    float[][] tensors = new float[EveryMethod.MOST_INPUTS][];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] =
          isTied
              ? Samples.tied(rows * COLUMNS, tail + i)
              : Samples.normal(rows * COLUMNS, 0.05, tail + i);
    }
    for (EveryMethod each : EveryMethod.all()) {
      float[][] inputs = Arrays.copyOf(tensors, each.inputs());
      Terms terms = each.terms(rows, COLUMNS);
      int unit = (int) Block.reductionElements(terms.program().rowElements());
      Integer[] places =
          switch (cuts) {
            case 1 -> new Integer[] {unit};
            case 2 -> new Integer[] {2 * unit};
            default -> new Integer[] {unit, 2 * unit};
          };
      Merging whole = MERGING.in(DType.BF16);
      assertSameBits(whole.cutAt(places).merge(terms, inputs), whole.merge(terms, inputs));
    }
  }
}
