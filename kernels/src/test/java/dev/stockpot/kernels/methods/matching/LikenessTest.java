package dev.stockpot.kernels.methods.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.vector.VectorProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LikenessTest extends MatchingCases {
  private static int[] steps(int count, int step) {
    int[] places = new int[count];
    for (int i = 0; i < count; i++) {
      places[i] = i * step;
    }
    return places;
  }

  @ParameterizedTest
  @CsvSource({"1,1", "3,5", "7,300", "4,256", "2,257"})
  void isTheProductOfEachUnitWithEach(int units, int features) {
    Operand one = random(units * features, 1);
    Operand other = random(units * features, 2);
    for (boolean byRows : new boolean[] {true, false}) {
      int[] unitPlaces = steps(units, byRows ? features : 1);
      int[] featurePlaces = steps(features, byRows ? 1 : units);
      try (Matrix likeness = algebra.zeros(units, units)) {
        Likeness.add(
            algebra,
            new UnitTensor(one, unitPlaces, featurePlaces),
            new UnitTensor(other, unitPlaces, featurePlaces),
            likeness);
        for (int i = 0; i < units; i++) {
          for (int j = 0; j < units; j++) {
            double expected = 0;
            for (int feature : featurePlaces) {
              expected += one.at(unitPlaces[i] + feature) * other.at(unitPlaces[j] + feature);
            }
            assertThat(likeness.at(i, j)).isCloseTo(expected, within(1e-10));
          }
        }
      }
    }
  }

  @Test
  void whatSeveralTensorsTellIsAdded() {
    Operand numbers = floats(1, 2, 3, 4);
    UnitTensor rows = new UnitTensor(numbers, steps(2, 2), steps(2, 1));
    try (Matrix likeness = algebra.zeros(2, 2)) {
      Likeness.add(algebra, rows, rows, likeness);
      Likeness.add(algebra, rows, rows, likeness);
      assertThat(likeness.at(0, 1)).isEqualTo(2 * 11);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 64, 130})
  void lanesGiveTheSameBits(int units) {
    Operand one = random(units * 300, 3);
    Operand other = random(units * 300, 4);
    UnitTensor ours = new UnitTensor(one, steps(units, 300), steps(300, 1));
    UnitTensor theirs = new UnitTensor(other, steps(units, 300), steps(300, 1));
    try (Matrices lanes = with(new VectorProvider());
        Matrix plain = algebra.zeros(units, units);
        Matrix wide = lanes.zeros(units, units)) {
      Likeness.add(algebra, ours, theirs, plain);
      Likeness.add(lanes, ours, theirs, wide);
      for (int i = 0; i < units; i++) {
        for (int j = 0; j < units; j++) {
          assertThat(wide.at(i, j)).isEqualTo(plain.at(i, j));
        }
      }
    }
  }

  @Test
  void takesNoMoreMemoryThanItSays() {
    Operand numbers = random(40 * 700, 5);
    UnitTensor tensor = new UnitTensor(numbers, steps(40, 700), steps(700, 1));
    try (Matrix likeness = algebra.zeros(40, 40)) {
      long before = memory.getAllocatedMemory();
      Likeness.add(algebra, tensor, tensor, likeness);
      assertThat(memory.getPeakMemoryAllocation() - before)
          .isLessThanOrEqualTo(Likeness.demand(40, 700).bytes() + 2 * (1 << 16));
      assertThat(memory.getAllocatedMemory()).isEqualTo(before);
    }
  }

  @Test
  void distancesAndProductsAreThoseOfAllElements() {
    UnitTensor one = new UnitTensor(floats(1, 2, 3, 4), steps(2, 2), steps(2, 1));
    UnitTensor turned = new UnitTensor(floats(0, 2, 3, 6), new int[] {2, 0}, steps(2, 1));
    assertThat(one.squaredDistance(turned)).isEqualTo(4 + 16 + 9 + 4);
    assertThat(one.inner(turned)).isEqualTo(3 + 12 + 0 + 8);
  }

  @Test
  void refusesTensorsThatDoNotFit() {
    UnitTensor two = new UnitTensor(floats(1, 2), steps(2, 1), steps(1, 1));
    UnitTensor one = new UnitTensor(floats(1, 2), steps(1, 2), steps(2, 1));
    try (Matrix likeness = algebra.zeros(2, 2)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Likeness.add(algebra, two, one, likeness))
          .withMessageContaining("2 x 1 and 1 x 2 are no Matrix[2 x 2]");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> two.inner(one));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new UnitTensor(floats(1), new int[0], new int[1]));
  }
}
