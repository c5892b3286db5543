package dev.stockpot.kernels.methods.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads that are turned by orthogonal matrices. */
class TurnedHeadsTest extends MatchingCases {
  private static final int FEATURES = 9;

  /** An orthogonal matrix that is drawn, row by row. */
  private double[] drawn(UnitMoves moves, int units, long seed) {
    try (Matrix random = random(units, units, seed)) {
      return moves.best(algebra, random).matrix();
    }
  }

  @ParameterizedTest
  @CsvSource({"TURN,1", "TURN,4", "TURN,7", "TURN_IN_PAIRS,2", "TURN_IN_PAIRS,6"})
  void whatTurnsIsOrthogonal(UnitMoves moves, int units) {
    double[] matrix = drawn(moves, units, 3);
    for (int i = 0; i < units; i++) {
      for (int j = 0; j < units; j++) {
        double sum = 0;
        for (int k = 0; k < units; k++) {
          sum += matrix[i * units + k] * matrix[j * units + k];
        }
        assertThat(sum).isCloseTo(i == j ? 1 : 0, within(1e-12));
      }
    }
  }

  @Test
  void pairsAreTheFirstWithTheFirstOfTheSecondHalf() {
    double[] matrix = drawn(UnitMoves.TURN_IN_PAIRS, 4, 1);
    assertThat(matrix[1]).isZero();
    assertThat(matrix[3]).isZero();
    assertThat(matrix[2]).isNotZero();
    assertThat(matrix[2 * 4]).isEqualTo(-matrix[2]);
    assertThat(matrix[2 * 4 + 2]).isEqualTo(matrix[0]);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 1.5, 3, -2})
  void noAngleIsBetter(double angle) {
    try (Matrix likeness = random(2, 2, 5)) {
      double best = UnitMoves.TURN_IN_PAIRS.best(algebra, likeness).sum(likeness);
      double[] other = {Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle)};
      assertThat(new Within.Turned(2, other).sum(likeness)).isLessThanOrEqualTo(best + 1e-12);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void noOtherTurnIsBetter(long seed) {
    try (Matrix likeness = random(3, 3, 50)) {
      double best = UnitMoves.TURN.best(algebra, likeness).sum(likeness);
      double[] other = drawn(UnitMoves.TURN, 3, seed);
      assertThat(new Within.Turned(3, other).sum(likeness)).isLessThanOrEqualTo(best + 1e-12);
    }
  }

  @Test
  void whatIsLikeNothingStaysAsItIs() {
    try (Matrix likeness = algebra.zeros(4, 4)) {
      for (UnitMoves moves : List.of(UnitMoves.TURN, UnitMoves.TURN_IN_PAIRS)) {
        double sum = 0;
        double[] matrix = moves.best(algebra, likeness).matrix();
        for (int i = 0; i < 4; i++) {
          sum += matrix[i * 5];
        }
        assertThat(Math.abs(sum)).as(moves.name()).isEqualTo(4);
      }
    }
  }

  /** Groups, heads, units of keys and values, how keys turn. */
  @ParameterizedTest
  @CsvSource({
    "1,1,2,2,TURN_IN_PAIRS",
    "3,1,4,3,TURN_IN_PAIRS",
    "2,2,4,4,TURN_IN_PAIRS",
    "2,3,2,4,TURN",
    "2,2,3,3,STAY"
  })
  void aTurnedCopyIsTurnedBack(
      int groups, int queries, int keyUnits, int valueUnits, UnitMoves keys) {
    Heads shape = new Heads(groups, queries, keyUnits, valueUnits, false, true).turned(keys);
    for (long seed = 1; seed < 4; seed++) {
      List<Matrix> likeness = new ArrayList<>();
      double own = 0;
      for (int side = 0; side < 4; side++) {
        Matrix features = random(shape.sides().get(side), FEATURES, seed * 8 + side);
        own += Math.pow(algebra.norm(features), 2);
        likeness.add(copied(shape, side, features, seed));
        features.close();
      }
      Arrangement found = shape.arranged(algebra, likeness);
      assertThat(shape.sum(likeness, found)).isCloseTo(own, within(1e-9 * own));
      assertThat(found.turns()).hasSize(4);
      assertThat(found.orders().get(2)).isEqualTo(swapped(groups, valueUnits));
      likeness.forEach(Matrix::close);
    }
  }

  /** Groups the other way round, units where they are. */
  private static Permutation swapped(int groups, int units) {
    return Permutation.reversed(groups).each(units);
  }

  /** How alike units are to those of a copy with its groups elsewhere and its heads turned. */
  private Matrix copied(Heads shape, int side, Matrix features, long seed) {
    boolean isOfKeys = side < 2;
    int units = isOfKeys ? shape.keyUnits() : shape.valueUnits();
    int heads = shape.sides().get(side) / units / shape.groups();
    Matrix copy = algebra.zeros(features.rows(), FEATURES);
    for (int group = 0; group < shape.groups(); group++) {
      UnitMoves moves = isOfKeys ? shape.keys() : UnitMoves.TURN;
      double[] turn =
          moves == UnitMoves.STAY
              ? Turn.unturned(units)
              : drawn(moves, units, seed * 100 + group * 2L + (isOfKeys ? 0 : 1));
      for (int head = 0; head < heads; head++) {
        int from = ((shape.groups() - 1 - group) * heads + head) * units;
        int to = (group * heads + head) * units;
        for (int i = 0; i < units * FEATURES; i++) {
          double sum = 0;
          for (int j = 0; j < units; j++) {
            sum += turn[i / FEATURES * units + j] * features.at(from + j, i % FEATURES);
          }
          copy.set(to + i / FEATURES, i % FEATURES, sum);
        }
      }
    }
    Matrix likeness = algebra.multiply(features, copy.transposed());
    copy.close();
    return likeness;
  }

  @Test
  void rowsAndColumnsOfATensorTurnAlike() {
    Turn turn = new Turn(2, new double[][] {{0, -1, 1, 0}, {1, 0, 0, 1}});
    double[] rows = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    MatchingPrograms.Placed placed = new MatchingPrograms.Placed(1, turn);
    // rows 1 and 2 of five become -row 2 and row 1; rows 3 and 4 stay
    assertThat(made(Shape.of(5, 2), 0, placed, rows))
        .containsExactly(1, 2, -5, -6, 3, 4, 7, 8, 9, 10);
    assertThat(made(Shape.of(2, 5), 1, placed, rows))
        .containsExactly(1, -3, 2, 4, 5, 6, -8, 7, 9, 10);
    assertThat(made(Shape.of(5), 0, placed, 1, 2, 3, 4, 5)).containsExactly(1, -3, 2, 4, 5);
  }

  @Test
  void takesNoMoreMemoryThanItSays() {
    Turn turn = Turn.none(16, 20);
    Shape shape = Shape.of(320, 200);
    long before = memory.getAllocatedMemory();
    Operand input = floats(new double[320 * 200]);
    Operand output = floats(new double[320 * 200]);
    long buffers = memory.getAllocatedMemory() - before;
    var program = MatchingPrograms.turned(shape, 0, List.of(new MatchingPrograms.Placed(0, turn)));
    program.make(algebra, List.of(new WholeTensor(input, shape)), new WholeTensor(output, shape));
    assertThat(memory.getPeakMemoryAllocation() - before - buffers)
        .isLessThanOrEqualTo(program.demand().bytes() + (1 << 20));
  }

  private double[] made(Shape shape, int axis, MatchingPrograms.Placed placed, double... elements) {
    Operand output = floats(new double[elements.length]);
    MatchingPrograms.turned(shape, axis, List.of(placed))
        .make(
            algebra,
            List.of(new WholeTensor(floats(elements), shape)),
            new WholeTensor(output, shape));
    double[] made = new double[elements.length];
    for (int i = 0; i < made.length; i++) {
      made[i] = output.at(i);
    }
    return made;
  }

  @Test
  void refusesHeadsThatDoNotFit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Turn(2, new double[][] {{1, 0, 0}}))
        .withMessageContaining("3 elements turn no 2 units");
    assertThatIllegalArgumentException().isThrownBy(() -> new Turn(2, new double[0][]));
    MatchingPrograms.Placed late = new MatchingPrograms.Placed(2, Turn.none(2, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MatchingPrograms.turned(Shape.of(3, 3), 0, List.of(late)))
        .withMessageContaining("do not lie along axis 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MatchingPrograms.turned(Shape.of(4, 4, 4), 1, List.of(late)));
  }

  @Test
  void turnsAreTheirNumbers() {
    assertThat(Turn.none(2, 3))
        .isEqualTo(new Turn(2, sameThree()))
        .hasSameHashCodeAs(Turn.none(2, 3));
    assertThat(Turn.none(2, 3)).isNotEqualTo(Turn.none(3, 2));
    assertThat(Turn.none(2, 3).bytes().remaining()).isEqualTo(3 * 4 * 8);
    assertThat(Turn.none(2, 3).places()).isEqualTo(6);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Arrangement(
                    List.of(Permutation.identity(1)), List.of(Turn.none(1, 1), Turn.none(1, 1))));
  }

  private static double[][] sameThree() {
    return new double[][] {{1, 0, 0, 1}, {1, 0, 0, 1}, {1, 0, 0, 1}};
  }
}
