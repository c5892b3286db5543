package dev.stockpot.kernels.methods.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.number.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Units that were joined, what they do, and heads as they are put and turned. */
class ZipTest extends MatchingCases {

  @Test
  void unitsOfTheSecondModelFollowThoseOfTheFirst() {
    Zip zip = new Zip(2, 0, 0, 1, 2, 2);

    assertThat(zip.units()).isEqualTo(3);
    assertThat(zip.feature(0, 0)).isEqualTo(2);
    assertThat(zip.feature(1, 0)).isEqualTo(1);
    assertThat(List.of(zip.size(0), zip.size(1), zip.size(2))).containsExactly(2, 1, 3);
    assertThat(zip.shared()).isCloseTo(1.0 / 3, within(1e-15)); // only the last has both
    assertThat(zip.bytes().asIntBuffer().get(4)).isEqualTo(2);
    assertThat(zip).isNotEqualTo(new Zip(2, 0, 0, 2, 1, 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void refusesUnitsThatAreOfNoTwoModels(int units) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Zip(new int[units]))
        .withMessage("%s units are no %s features", units, units / 2);
  }

  @Test
  void refusesAFeatureOfNoUnit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Zip(0, 0, 2, 2, 0, 2))
        .withMessage("6 units are no 3 features");
  }

  @Test
  void severalGroupsAlongAnAxisMustFillIt() {
    List<MatchingPrograms.Zipped> two =
        List.of(
            new MatchingPrograms.Zipped(Zip.byPlaces(2), 3),
            new MatchingPrograms.Zipped(Zip.byPlaces(4), 1));

    assertThat(MatchingPrograms.zipped(Shape.of(5, 10), 1, true, 0, two).demand().bytes())
        .isPositive();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MatchingPrograms.zipped(Shape.of(5, 10), 0, true, 0, two))
        .withMessageStartingWith("10 places do not fill axis 0 of ");
  }

  /** Of sums over four examples: 1, 2, 3, 6 and four times 5. */
  @Test
  void activityIsTheMeanAndTheDeviationOfEachPlace() {
    Activity activity = Activity.of(floats(12, 20), 0.25, floats(50, 100), 0.25);

    assertThat(activity.places()).isEqualTo(2);
    assertThat(activity.mean(0)).isEqualTo(3);
    assertThat(activity.deviation(0)).isCloseTo(Math.sqrt(50 / 4.0 - 9), within(1e-12));
    assertThat(activity.mean(1)).isEqualTo(5);
    assertThat(activity.deviation(1)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"2e-6, true", "5e-7, false", "-1e-3, false"})
  void whatIsNoMoreThanRoundingIsNoDeviation(double variance, boolean isOne) {
    Activity activity = Activity.of(floats(1), 1, floats(1), 1 + variance);

    assertThat(activity.deviation(0) > 0).isEqualTo(isOne);
  }

  @Test
  void ofOnePlaceEveryFormIsTheSame() {
    assertThat(Activity.of(floats(2), 0.5, floats(6), 0.5).deviation(0)).isEqualTo(Math.sqrt(2));
  }

  @Test
  void placesAreAsAlikeAsWhatStandsInThem() {
    try (Matrix likeness = matrix(new double[][] {{1, 2, 4}, {8, 16, 32}, {64, 128, 256}})) {
      Within places = new Within.Places(Permutation.of(2, 0, 1));

      assertThat(places.sum(likeness)).isEqualTo(4 + 8 + 128);
      assertThat(places.at(0)).isEqualTo(2);
      assertThat(places.matrix()).containsExactly(1, 0, 0, 0, 1, 0, 0, 0, 1);
    }
  }

  @Test
  void turnedUnitsAreAsAlikeAsWhatTheyBecomeAndStayInTheirPlaces() {
    try (Matrix likeness = matrix(new double[][] {{1, 2}, {4, 8}})) {
      Within turned = new Within.Turned(2, new double[] {0.5, -1, 1, 0.25});

      assertThat(turned.sum(likeness)).isEqualTo(0.5 - 2 + 4 + 2);
      assertThat(turned.at(1)).isEqualTo(1);
    }
  }

  /** Units that are turned one into the other and back: sums of theirs, times the matrix. */
  @Test
  void anArrangementIsAsGoodAsItsOrderAndItsTurns() {
    FreeUnits shape = new FreeUnits(4);
    Permutation order = Permutation.of(2, 3, 0, 1);
    Turn turn = new Turn(2, new double[][] {{0, 1, -1, 0}, {1, 0, 0, 1}});
    try (Matrix likeness = algebra.zeros(4, 4)) {
      likeness.set(0, 3, 5); // place 0 becomes unit 3 by the turn
      likeness.set(1, 2, 7); // place 1 becomes unit 2, the other way round
      likeness.set(2, 0, 11);
      likeness.set(3, 1, 13);
      likeness.set(0, 2, 100); // of the order alone

      assertThat(shape.sum(List.of(likeness), new Arrangement(List.of(order), List.of(turn))))
          .isEqualTo(5 - 7 + 11 + 13);
      assertThat(shape.sum(List.of(likeness), new Arrangement(List.of(order), List.of())))
          .isEqualTo(100 + 11 + 13);
    }
  }

  @Test
  void unturnedHeadsAreAsManyAsThereAreOnEachSide() {
    Heads heads = new Heads(2, 3, 4, 5, false, true);
    List<Turn> unturned = heads.turned(UnitMoves.TURN_IN_PAIRS).unturned();

    assertThat(heads.unturned()).isEmpty();
    assertThat(unturned)
        .containsExactly(Turn.none(4, 6), Turn.none(4, 2), Turn.none(5, 2), Turn.none(5, 6));
    assertThat(heads.keysMayMove()).isFalse();
    assertThat(new Heads(2, 3, 4, 5, true, true).keysMayMove()).isTrue();
  }

  @Test
  void bytesOfATurnAreItsElementsHeadByHead() {
    Turn turn = new Turn(2, new double[][] {{1, 2, 3, 4}, {5, 6, 7, 8}});

    assertThat(turn.bytes().getDouble(6 * Double.BYTES)).isEqualTo(7);
    assertThat(turn.at(1, 0, 1)).isEqualTo(6);
    assertThat(turn.bytes().position()).isZero();
    assertThat(turn).isNotEqualTo(new Turn(2, new double[][] {{5, 6, 7, 8}, {1, 2, 3, 4}}));
  }
}
