package dev.stockpot.kernels.methods.taskvector;

import static dev.stockpot.kernels.methods.Closeness.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Samples;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Sampling;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.methods.Merging;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.RandomStream;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A sample first: fewer looks, and exactly what a look at all elements selects. */
class SelectNearTest {
  private static final int ELEMENTS = (int) SelectNear.FEWEST_ELEMENTS + 12_345;
  private static final Sampling SAMPLING = new Sampling(0, 512, 32);
  private static final Block BETWEEN_RUNS =
      IntStream.range(0, ELEMENTS)
          .mapToObj(e -> new Block(e, e, 1))
          .filter(element -> !SAMPLING.includes(element))
          .findFirst()
          .orElseThrow();
  private static final Merging LANES = Merging.by(new VectorProvider());

  /** Task vectors, on a base of zeros. */
  enum Values {
    NORMAL {
      @Override
      float at(int e, float normal) {
        return normal;
      }
    },
    TIED {
      @Override
      float at(int e, float normal) {
        return Math.round(normal * 40) / 64f;
      }
    },
    UNEVEN_ROWS {
      @Override
      float at(int e, float normal) {
        return normal * (1 + e / 4_096 % 7);
      }
    },
    GROWING {
      @Override
      float at(int e, float normal) {
        return normal * e;
      }
    },
    MOSTLY_ZERO {
      @Override
      float at(int e, float normal) {
        return normal > 0.5f ? normal : 0;
      }
    },
    EQUAL {
      @Override
      float at(int e, float normal) {
        return normal < 0 ? -1.5f : 1.5f;
      }
    },
    NOT_AS_THE_SAMPLE {
      @Override
      float at(int e, float normal) {
        return SAMPLING.includes(new Block(e, e, 1)) ? normal / 1_000 : normal;
      }
    },
    WITH_NAN {
      @Override
      float at(int e, float normal) {
        return normal > 1 ? Float.NaN : normal;
      }
    };

    abstract float at(int e, float normal);

    float[] vector() {
      float[] values = Samples.normal(ELEMENTS, 1, 7);
      for (int e = 0; e < ELEMENTS; e++) {
        values[e] = at(e, values[e]);
      }
      return values;
    }
  }

  private static SelectLargest.Wanted wanted(long count) {
    return new SelectLargest.Wanted(count, RandomStream.betweenEquals(1, "t"));
  }

  private static TaskVectorMerge program(Drop drop) {
    return new TaskVectorMerge(
        0,
        List.of(new TaskVectorMerge.Term(1, 1, drop, 1)),
        Combination.WEIGHTED_SUM,
        Divisor.NONE,
        Rescale.NONE,
        1);
  }

  @ParameterizedTest
  @EnumSource
  void selectsWhatALookAtAllSelects(Values kind) {
    float[] values = kind.vector();
    for (double density : new double[] {0.004, 0.4}) {
      long keep = (long) (density * ELEMENTS);

      float[] selected =
          LANES.merge(
              program(SelectLargest.of(wanted(keep), ELEMENTS)), new float[ELEMENTS], values);

      assertSameBits(
          selected,
          LANES.merge(
              program(new SelectLargest.ByUpperBits(wanted(keep))), new float[ELEMENTS], values));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TIED", "NOT_AS_THE_SAMPLE", "WITH_NAN"})
  void cutsAndProvidersDoNotShow(Values kind) {
    float[] values = kind.vector();
    TaskVectorMerge program = program(SelectLargest.of(wanted(ELEMENTS / 3), ELEMENTS));
    float[] whole = LANES.merge(program, new float[ELEMENTS], values);

    assertSameBits(
        LANES
            .cutAt(Block.REDUCTION_ELEMENTS, 3 * Block.REDUCTION_ELEMENTS)
            .merge(program, new float[ELEMENTS], values),
        whole);
    assertSameBits(
        Merging.by(new ScalarProvider()).merge(program, new float[ELEMENTS], values), whole);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.5})
  void bfloat16TakesOneLookBesideThoseAtTheSample(double density) {
    float[] base = Samples.normal(ELEMENTS, 0.05, 1);
    float[] model = Samples.normal(ELEMENTS, 0.003, 2);
    for (int e = 0; e < ELEMENTS; e++) {
      model[e] += base[e];
    }
    List<Boolean> samples = new ArrayList<>();
    Merging noting =
        LANES
            .in(DType.BF16)
            .sending(
                sent -> {
                  if (sent instanceof Scan scan) {
                    samples.add(!scan.wants(BETWEEN_RUNS));
                  }
                  return sent;
                });

    noting.merge(
        program(SelectLargest.of(wanted((long) (density * ELEMENTS)), ELEMENTS)), base, model);

    assertThat(samples).containsExactly(true, true, false);
  }

  @Test
  void aBandIsFoundTheSameWay() {
    float[] values = Values.UNEVEN_ROWS.vector();
    SelectLargest.Wanted outliers = wanted(ELEMENTS / 50);
    SelectLargest.Wanted keep = wanted(ELEMENTS / 2);

    assertSameBits(
        LANES.merge(program(SelectBand.of(outliers, keep, ELEMENTS)), new float[ELEMENTS], values),
        LANES.merge(
            program(new SelectBand.ByUpperBits(outliers, keep)), new float[ELEMENTS], values));
  }

  @Test
  void aSampleThatMisleadsCostsLooksAndNoMore() {
    Counts sample = Counts.of(new int[] {0, 500_000, 0, 500_000});
    SelectNear.BySample bySample = new SelectNear.BySample(wanted(2_000_000), 16_000_000);
    SelectNear.ByRange wide = new SelectNear.ByRange(wanted(2_000_000), 3 << 16, 4 << 16);
    SelectNear.BySampleOfRange ofRange =
        new SelectNear.BySampleOfRange(16_000_000, 1_000_000, wide);
    assertThat(bySample.knowing(sample)).isEqualTo(ofRange);

    int[] inRange = new int[50];
    inRange[17] = 300_000;
    inRange[40] = 100_000;
    SelectNear.ByRange narrow =
        new SelectNear.ByRange(wanted(2_000_000), (3 << 16) + 17, (3 << 16) + 18);
    assertThat(ofRange.knowing(counted(0, inRange))).isEqualTo(narrow);
    assertThat(ofRange.knowing(counted(900_000, inRange))).isEqualTo(wide);
    assertThat(narrow.knowing(counted(1_999_999, 1))).isInstanceOf(Drop.Settled.class);
    assertThat(narrow.knowing(counted(1_999_999, 0)))
        .isEqualTo(new SelectLargest.ByUpperBits(wanted(2_000_000)));
    assertThat(narrow.knowing(counted(2_000_000, 7)))
        .isEqualTo(new SelectLargest.ByUpperBits(wanted(2_000_000)));
  }

  private static RangeCounts counted(long above, int... counts) {
    return new RangeCounts(above, Counts.of(counts));
  }

  @Test
  void aRankNearTheEndIsLookedForAmongAll() {
    Counts sample = Counts.of(new int[] {0, 500_000, 0, 500_000});

    assertThat(new SelectNear.BySample(wanted(3), 16_000_000).knowing(sample))
        .isEqualTo(new SelectLargest.ByUpperBits(wanted(3)));
  }

  @Test
  void smallTensorsAreNotSampled() {
    assertThat(SelectLargest.of(wanted(5), SelectNear.FEWEST_ELEMENTS - 1))
        .isEqualTo(new SelectLargest.ByUpperBits(wanted(5)));
    assertThat(
            ((Drop.Unsettled) SelectLargest.of(wanted(5), SelectNear.FEWEST_ELEMENTS)).sampling())
        .isEqualTo(Optional.of(SAMPLING));
  }
}
