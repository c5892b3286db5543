package dev.stockpot.merge.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Each code finds the scale of the block that it lies in. */
class DequantisedTest {
  private static Dequantised of(Shape shape, List<Long> block, Shape scales) {
    return new Dequantised(
        Sources.stored("codes", DType.F8_E4M3, shape),
        Sources.stored("scales", DType.F32, scales),
        block);
  }

  private static List<Dequantised.Run> runs(Dequantised numbers, ElementSpan span) {
    List<Dequantised.Run> runs = new ArrayList<>();
    numbers.eachRun(span, runs::add);
    return runs;
  }

  /** The scale of an element, by the definition. */
  private static long scale(List<Long> axes, List<Long> block, long element) {
    long rest = element;
    long scale = 0;
    long each = 1;
    for (int axis = axes.size() - 1; axis >= 0; axis--) {
      long blocks = (axes.get(axis) + block.get(axis) - 1) / block.get(axis);
      scale += rest % axes.get(axis) / block.get(axis) * each;
      each *= blocks;
      rest /= axes.get(axis);
    }
    return scale;
  }

  @Property(tries = 300)
  void runsAreThoseOfTheDefinition(
      @ForAll @IntRange(min = 1, max = 3) int depth,
      @ForAll @IntRange(min = 1, max = 7) int rows,
      @ForAll @IntRange(min = 1, max = 9) int columns,
      @ForAll @IntRange(min = 1, max = 4) int blockRows,
      @ForAll @IntRange(min = 1, max = 11) int blockColumns,
      @ForAll @IntRange(min = 0, max = 188) int from,
      @ForAll @IntRange(min = 1, max = 60) int some) {
    List<Long> axes = List.of((long) depth, (long) rows, (long) columns);
    List<Long> block = List.of(1L, (long) blockRows, (long) blockColumns);
    long blocks =
        (long) depth
            * ((rows + blockRows - 1) / blockRows)
            * ((columns + blockColumns - 1) / blockColumns);
    Dequantised numbers = of(new Shape(axes), block, Shape.of(blocks));
    long elements = numbers.shape().elements();
    long first = from % elements;
    ElementSpan span = new ElementSpan(first, Math.min(some, elements - first));

    ElementSpan scales = numbers.scalesOf(span);
    List<Long> found = new ArrayList<>();
    long at = 0;
    for (Dequantised.Run run : runs(numbers, span)) {
      assertThat(run.first()).isEqualTo(at);
      for (int i = 0; i < run.count(); i++) {
        found.add(scales.first() + run.scale());
      }
      assertThat(run.scale()).isBetween(0, (int) scales.count() - 1);
      at += run.count();
    }
    List<Long> wanted = new ArrayList<>();
    for (long element = span.first(); element < span.end(); element++) {
      wanted.add(scale(axes, block, element));
    }
    assertThat(found).isEqualTo(wanted);
  }

  @Test
  void oneScaleForAllIsABlockOfAll() {
    Dequantised numbers = of(Shape.of(4, 6), List.of(4L, 6L), Shape.of());
    assertThat(numbers.scalesOf(new ElementSpan(5, 10))).isEqualTo(new ElementSpan(0, 1));
    assertThat(runs(numbers, new ElementSpan(5, 3)))
        .containsExactly(new Dequantised.Run(0, 1, 0), new Dequantised.Run(1, 2, 0));
    assertThat(numbers.dtype()).isEqualTo(DType.F32);
    assertThat(numbers.storedType()).isEqualTo(DType.BF16);
  }

  @Test
  void scalesMustBeOneForEachBlock() {
    assertThatThrownBy(() -> of(Shape.of(4, 6), List.of(2L, 4L), Shape.of(2, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("[4, 6] has 4 blocks of [2, 4], and 6 scales");
    assertThatThrownBy(() -> of(Shape.of(4, 6), List.of(4L), Shape.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("do not cut [4, 6]");
    assertThatThrownBy(() -> of(Shape.of(4, 6), List.of(0L, 6L), Shape.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void codesThatAreNoNumbersAreRefused() {
    assertThatThrownBy(
            () ->
                new Dequantised(
                    Sources.stored("codes", DType.I32, Shape.of(4)),
                    Sources.stored("scales", DType.F32, Shape.of(1)),
                    List.of(4L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("I32 codes with F32 scales are no numbers");
  }
}
