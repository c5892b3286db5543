package dev.stockpot.kernels.methods.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Permutation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The best orders, against all that there are. */
class UnitShapeTest extends MatchingCases {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void freeUnitsHaveTheBestOrderOfAll(long seed) {
    FreeUnits shape = new FreeUnits(6);
    try (Matrix likeness = random(6, 6, seed)) {
      double best = shape.sum(List.of(likeness), shape.best(algebra, List.of(likeness)));
      for (Permutation order : permutations(6)) {
        assertThat(shape.sum(List.of(likeness), List.of(order))).isLessThanOrEqualTo(best + 1e-12);
      }
    }
  }

  @Test
  void whereEachRowWantsAnotherColumnNothingIsSearched() {
    try (Matrix likeness = matrix(new double[][] {{0, 9, 1}, {8, 7, 1}, {0, 1, 2}})) {
      assertThat(BestOrder.of(algebra, likeness)).isEqualTo(Permutation.of(1, 0, 2));
    }
  }

  @Test
  void whereTwoRowsWantTheSameTheSumDecides() {
    try (Matrix likeness = matrix(new double[][] {{5, 4}, {6, 1}})) {
      assertThat(BestOrder.of(algebra, likeness)).isEqualTo(Permutation.of(1, 0));
    }
  }

  @Test
  void whatIsNoNumberIsRefused() {
    try (Matrix likeness = matrix(new double[][] {{Double.NaN, 1}, {1, 1}})) {
      assertThatIllegalArgumentException().isThrownBy(() -> BestOrder.of(algebra, likeness));
    }
    try (Matrix likeness = matrix(new double[][] {{1, Double.NaN}, {0, 1}})) {
      assertThatIllegalArgumentException().isThrownBy(() -> BestOrder.of(algebra, likeness));
    }
  }

  /** Groups, heads, units of keys and values. */
  @ParameterizedTest
  @CsvSource({
    "2,1,3,3,true,true",
    "3,1,2,2,true,true",
    "2,2,2,2,false,true",
    "1,3,2,2,false,true",
    "2,1,2,3,false,true",
    "2,1,2,2,true,false"
  })
  void headsHaveTheOrderThatACopyHas(
      int groups, int queries, int keys, int values, boolean keysMove, boolean headsMove) {
    Heads shape = new Heads(groups, queries, keys, values, keysMove, headsMove);
    for (long seed = 0; seed < 4; seed++) {
      List<Permutation> drawn = drawn(shape, seed);
      List<Matrix> likeness = copies(shape, drawn, 10 + seed);
      assertThat(shape.best(algebra, likeness)).isEqualTo(drawn);
      likeness.forEach(Matrix::close);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void withOneQueryAHeadNoOrderIsBetter(long seed) {
    Heads shape = new Heads(3, 1, 2, 2, true, true);
    List<Matrix> likeness = new ArrayList<>();
    for (int size : shape.sides()) {
      likeness.add(random(size, size, seed * 10 + likeness.size()));
    }
    double best = shape.sum(likeness, shape.best(algebra, likeness));
    assertThat(best).isCloseTo(mostOfAll(shape, likeness), within(1e-9));
    likeness.forEach(Matrix::close);
  }

  private static double mostOfAll(Heads shape, List<Matrix> likeness) {
    double most = Double.NEGATIVE_INFINITY;
    for (Permutation heads : permutations(shape.groups())) {
      double sum = 0;
      for (int head = 0; head < shape.groups(); head++) {
        sum +=
            mostOf(likeness, head, heads.at(head), 0) + mostOf(likeness, head, heads.at(head), 2);
      }
      most = Math.max(most, sum);
    }
    return most;
  }

  /** Two units that two sides share. */
  private static double mostOf(List<Matrix> likeness, int head, int other, int side) {
    double most = Double.NEGATIVE_INFINITY;
    for (Permutation units : permutations(2)) {
      double sum = 0;
      for (int unit = 0; unit < 2; unit++) {
        for (int each = side; each < side + 2; each++) {
          sum += likeness.get(each).at(2 * head + unit, 2 * other + units.at(unit));
        }
      }
      most = Math.max(most, sum);
    }
    return most;
  }

  @Test
  void headsThatMayNotMoveStay() {
    Heads shape = new Heads(2, 1, 1, 1, false, false);
    List<Matrix> likeness = new ArrayList<>();
    for (int side = 0; side < 4; side++) {
      likeness.add(matrix(new double[][] {{0, 5}, {5, 0}}));
    }
    assertThat(shape.best(algebra, likeness)).isEqualTo(shape.identity());
    Heads free = new Heads(2, 1, 1, 1, false, true);
    assertThat(free.best(algebra, likeness).get(0)).isEqualTo(Permutation.of(1, 0));
    likeness.forEach(Matrix::close);
  }

  @Test
  void saysHowManyPlacesEachSideHas() {
    assertThat(new Heads(2, 3, 4, 5, false, true).sides()).containsExactly(24, 8, 10, 30);
    assertThat(new FreeUnits(7).sides()).containsExactly(7);
    assertThat(new FreeUnits(7).identity()).containsExactly(Permutation.identity(7));
    assertThat(new Heads(2, 3, 4, 5, false, true).demand().operations()).isPositive();
  }

  @Test
  void refusesGroupsOfNothing() {
    assertThatIllegalArgumentException().isThrownBy(() -> new FreeUnits(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Heads(2, 0, 4, 4, true, true))
        .withMessageContaining("2 groups of 0 heads");
  }

  /** Orders as heads allow them: the last group, head and unit first, by the seed. */
  private static List<Permutation> drawn(Heads shape, long seed) {
    Permutation groups = turned(shape.groups(), shape.headsMayMove() ? seed : 0);
    Permutation heads = turned(shape.queries(), shape.headsMayMove() ? seed + 1 : 0);
    Permutation keys = turned(shape.keyUnits(), shape.keysMayMove() ? seed : 0);
    Permutation values = turned(shape.valueUnits(), seed + 1);
    return List.of(
        nested(groups, heads, keys),
        nested(groups, Permutation.identity(1), keys),
        nested(groups, Permutation.identity(1), values),
        nested(groups, heads, values));
  }

  private static Permutation turned(int size, long by) {
    int[] order = new int[size];
    for (int place = 0; place < size; place++) {
      order[place] = (int) ((place + by) % size);
    }
    return Permutation.of(order);
  }

  private static Permutation nested(Permutation groups, Permutation heads, Permutation units) {
    int each = heads.size() * units.size();
    int[] all = new int[groups.size() * each];
    for (int place = 0; place < all.length; place++) {
      int head = heads.at(place / units.size() % heads.size());
      all[place] =
          groups.at(place / each) * each + head * units.size() + units.at(place % units.size());
    }
    return Permutation.of(all);
  }

  /** How alike a model is to a copy of itself whose units lie elsewhere. */
  private List<Matrix> copies(Heads shape, List<Permutation> orders, long seed) {
    List<Matrix> likeness = new ArrayList<>();
    for (int side = 0; side < orders.size(); side++) {
      int size = shape.sides().get(side);
      Permutation back = orders.get(side).inverse();
      Matrix features = random(size, 9, seed * 4 + side);
      Matrix moved = algebra.zeros(size, 9);
      double[] row = new double[9];
      for (int unit = 0; unit < size; unit++) {
        features.read(back.at(unit), 0, row, 0, 9);
        moved.write(unit, 0, row, 0, 9);
      }
      likeness.add(algebra.multiply(features, moved.transposed()));
      features.close();
      moved.close();
    }
    return likeness;
  }
}
