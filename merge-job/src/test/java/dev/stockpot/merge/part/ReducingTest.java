package dev.stockpot.merge.part;

import static dev.stockpot.merge.part.PartBench.sum;
import static dev.stockpot.merge.part.PartBench.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Reduced;
import dev.stockpot.merge.model.Reduced.Part;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.SliceTask;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Parts of low rank are taken away as adapters' training did. */
class ReducingTest {
  private static final long MEMORY = 16 << 20;
  private static final PartSettings SETTINGS = new PartSettings(4_096, MEMORY, false, false);

  private final PartBench bench = new PartBench(MEMORY);

  @AfterEach
  void everyBufferWasReturned() {
    bench.close();
  }

  private float[] made(TensorSource source) throws IOException {
    return bench.made(SETTINGS, whole(sum("t", List.of(source), 1)));
  }

  private Stored random(String name, int rows, int columns) {
    Random random = new Random(7);
    float[] elements = new float[rows * columns];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) random.nextGaussian();
    }
    return bench.stored(name, Shape.of(rows, columns), elements);
  }

  private static void isNear(float[] made, double... expected) {
    assertThat(made).hasSize(expected.length);
    for (int i = 0; i < made.length; i++) {
      assertThat((double) made[i]).isCloseTo(expected[i], within(1e-6));
    }
  }

  @Test
  void theLargestSingularValuesGo() throws IOException {
    Stored diagonal = bench.stored("d", Shape.of(3, 3), 2, 0, 0, 0, 5, 0, 0, 0, 1);
    isNear(made(new Reduced(diagonal, Part.PRINCIPAL, 1, 1)), 2, 0, 0, 0, 0, 0, 0, 0, 1);
    isNear(made(new Reduced(diagonal, Part.PRINCIPAL, 2, 1)), 0, 0, 0, 0, 0, 0, 0, 0, 1);
  }

  @Test
  void theSpaceOfTheFirstColumnsGoes() throws IOException {
    Stored matrix = bench.stored("m", Shape.of(2, 3), 3, 1, 2, 0, 4, 5);
    isNear(made(new Reduced(matrix, Part.FIRST_COLUMNS, 1, 1)), 0, 0, 0, 0, 4, 5);
    isNear(made(new Reduced(matrix, Part.FIRST_COLUMNS, 1, 0.5f)), 1.5, 0.5, 1, 0, 4, 5);
  }

  @ParameterizedTest
  @CsvSource({"12, 9", "9, 12", "10, 10", "40, 8"})
  void allOfAMatrixLeavesNothing(int rows, int columns) throws IOException {
    Stored matrix = random("m", rows, columns);
    int rank = Math.min(rows, columns);
    isNear(made(new Reduced(matrix, Part.PRINCIPAL, rank, 1)), new double[rows * columns]);
    if (rank == columns) {
      isNear(made(new Reduced(matrix, Part.FIRST_COLUMNS, rank, 1)), new double[rows * columns]);
    }
  }

  @ParameterizedTest
  @EnumSource(Part.class)
  void anyPartIsWhatItIsInTheWhole(Part part) throws IOException {
    Reduced reduced = new Reduced(random("m", 30, 20), part, 4, 1);
    float[] all = made(reduced);
    for (int first : new int[] {0, 1, 219, 220, 500}) {
      ElementSpan span = new ElementSpan(first, 100);
      float[] slice = bench.made(SETTINGS, new SliceTask(sum("t", List.of(reduced), 1), span));
      for (int i = 0; i < slice.length; i++) {
        assertThat(slice[i]).isEqualTo(all[first + i]);
      }
    }
  }

  @Test
  void whatIsLeftIsAsAdaptersAreTrainedOnIt() throws IOException {
    Stored matrix = random("m", 16, 12);
    float[] before = made(matrix);
    float[] after = made(new Reduced(matrix, Part.PRINCIPAL, 3, 1));
    double inner = 0; // what went is at a right angle to what is left
    for (int i = 0; i < after.length; i++) {
      inner += (before[i] - after[i]) * (double) after[i];
    }
    assertThat(inner).isCloseTo(0, within(1e-4));
  }

  @ParameterizedTest
  @CsvSource({
    "PRINCIPAL, 200, 160",
    "PRINCIPAL, 160, 200",
    "PRINCIPAL, 400, 60",
    "PRINCIPAL, 60, 400",
    "FIRST_COLUMNS, 200, 160",
    "FIRST_COLUMNS, 60, 400"
  })
  void takesNoMoreMemoryThanItSays(Part part, int rows, int columns) throws IOException {
    Reduced reduced = new Reduced(random("m", rows, columns), part, 16, 1);
    made(reduced);
    long said = reduced.footprint(ElementSpan.all(reduced.shape())).memory();
    assertThat(bench.memory().getPeakMemoryAllocation())
        .isLessThanOrEqualTo(said + 4L * rows * columns);
  }

  @Test
  void isFloat32WhateverTheBaseIsAndNamesItsPlaces() throws IOException {
    TensorSource base = random("m", 6, 5).as(DType.BF16);
    Reduced reduced = new Reduced(base, Part.PRINCIPAL, 2, 1);
    assertThat(reduced.dtype()).isEqualTo(DType.F32);
    assertThat(reduced.streams()).isFalse();
    assertThat(reduced.place(7)).isEqualTo(base.place(7));
    assertThat(reduced.identity()).startsWith("reduced", Part.PRINCIPAL, 2, 1f);
    assertThat(made(reduced)).hasSize(30);
  }

  @Test
  void refusesAPartThatAMatrixDoesNotHave() {
    Stored matrix = bench.counting("m", 3, 4);
    assertThatThrownBy(() -> new Reduced(matrix, Part.PRINCIPAL, 4, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a part of rank 4 of F32 [3, 4]");
  }
}
