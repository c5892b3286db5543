package dev.stockpot.kernels.methods.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Joining units, beside the plainest way to do it. */
class ZipperTest extends MatchingCases {
  private static double[][] symmetric(int size, long seed) {
    double[] drawn = numbers(size * size, seed);
    double[][] likeness = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        likeness[i][j] = Math.tanh(drawn[Math.min(i, j) * size + Math.max(i, j)]);
      }
    }
    return likeness;
  }

  /** All pairs of all features, anew for each join. */
  private static Zip plainly(double[][] likeness, double alpha, double beta) {
    int all = likeness.length;
    List<List<Integer>> features = new ArrayList<>();
    for (int unit = 0; unit < all; unit++) {
      features.add(new ArrayList<>(List.of(unit)));
    }
    int[] budgets = {(int) (all / 4.0 * beta), (int) (all / 4.0 * beta)};
    while (features.size() > all / 2) {
      int one = -1;
      int other = -1;
      for (int i = 0; i < features.size(); i++) {
        for (int j = i + 1; j < features.size(); j++) {
          int a = features.get(i).get(0);
          int b = features.get(j).get(0);
          boolean isWithin = a / (all / 2) == b / (all / 2);
          boolean isBarred = isWithin && budgets[a / (all / 2)] == 0;
          boolean isMore =
              one < 0
                  || likeness[a][b]
                      > likeness[features.get(one).get(0)][features.get(other).get(0)];
          if (!isBarred && isMore) {
            one = i;
            other = j;
          }
        }
      }
      int a = features.get(one).get(0);
      int b = features.get(other).get(0);
      if (a / (all / 2) == b / (all / 2)) {
        budgets[a / (all / 2)]--;
      }
      for (List<Integer> feature : features) {
        int c = feature.get(0);
        double like = alpha * Math.min(likeness[a][c], likeness[b][c]);
        likeness[a][c] = like;
        likeness[c][a] = like;
      }
      features.get(one).addAll(features.remove(other));
    }
    int[] numbers = new int[all];
    for (int feature = 0; feature < features.size(); feature++) {
      for (int unit : features.get(feature)) {
        numbers[unit] = feature;
      }
    }
    return new Zip(numbers);
  }

  @ParameterizedTest
  @CsvSource({
    "2,1,0.3,0.125",
    "8,2,0.3,0.125",
    "16,3,0.3,0.5",
    "16,4,1,1",
    "24,5,0.1,0",
    "40,6,0.3,0.25"
  })
  void joinsWhatThePlainestWayJoins(int size, long seed, double alpha, double beta) {
    double[][] likeness = symmetric(size, seed);
    try (Matrix matrix = matrix(likeness)) {
      assertThat(Zipper.of(matrix, alpha, beta)).isEqualTo(plainly(likeness, alpha, beta));
    }
  }

  @Test
  void twinsOfTwoModelsAreJoinedWhereTheFirstOneIs() {
    double[][] likeness = new double[6][6];
    int[] twins = {2, 0, 1};
    for (int unit = 0; unit < 6; unit++) {
      likeness[unit][unit] = 1;
    }
    for (int unit = 0; unit < 3; unit++) {
      likeness[unit][3 + twins[unit]] = 1;
      likeness[3 + twins[unit]][unit] = 1;
    }
    try (Matrix matrix = matrix(likeness)) {
      Zip zip = Zipper.of(matrix, 0.3, 0.125);
      assertThat(zip).isEqualTo(new Zip(0, 1, 2, 1, 2, 0));
      assertThat(zip.shared()).isEqualTo(1);
    }
  }

  @Test
  void unitsOfOneModelAreJoinedWithinTheirBudget() {
    double[][] likeness = symmetric(8, 1);
    for (int i = 0; i < 8; i++) {
      for (int j = 0; j < 8; j++) {
        likeness[i][j] = i / 4 == j / 4 ? 0.9 : 0.1;
      }
    }
    try (Matrix all = matrix(likeness);
        Matrix none = matrix(likeness)) {
      Zip within = Zipper.of(all, 1, 0.5); // one of each model's
      assertThat(within.feature(0, 0)).isEqualTo(within.feature(0, 1));
      assertThat(within.feature(1, 0)).isEqualTo(within.feature(1, 1));
      assertThat(within.feature(0, 2)).isNotEqualTo(within.feature(0, 3));
      assertThat(Zipper.of(none, 0.3, 0).shared()).isEqualTo(1);
    }
  }

  @Test
  void whatLayersPutOutIsTheMeanAndWhatTheyTakeInTheSum() {
    Zip zip = new Zip(0, 0, 1, 1, 1, 2); // units 0 and 1 of the first model, 2 of it with 0 and 1 …
    double[] rows = {1, 2, 3, 4, 5, 6};
    assertThat(made(Shape.of(3, 2), 0, true, 0, zip, 1, rows))
        .containsExactly(
            new float[] {1 + 3, 2 + 4, (float) (2.0 / 3 * 5), (float) (2.0 / 3 * 6), 0, 0});
    assertThat(made(Shape.of(3, 2), 0, true, 1, zip, 1, rows))
        .containsExactly(
            new float[] {
              0,
              0,
              (float) (2.0 / 3 * 1 + 2.0 / 3 * 3),
              (float) (2.0 / 3 * 2 + 2.0 / 3 * 4),
              2 * 5,
              2 * 6
            });
    assertThat(made(Shape.of(2, 3), 1, false, 0, zip, 1, rows))
        .containsExactly(1 + 2, 3, 0, 4 + 5, 6, 0);
    assertThat(made(Shape.of(1, 6), 1, false, 1, zip, 2, rows))
        .containsExactly(0, 0, 1 + 3, 2 + 4, 5, 6);
    assertThat(made(Shape.of(3), 0, true, 0, zip, 1, 1, 1, 1))
        .containsExactly(new float[] {2, 2f / 3, 0});
  }

  private float[] made(
      Shape shape, int axis, boolean isOutput, int model, Zip zip, int members, double... from) {
    Operand output = floats(new double[from.length]);
    MatchingPrograms.zipped(
            shape, axis, isOutput, model, List.of(new MatchingPrograms.Zipped(zip, members)))
        .make(
            algebra, List.of(new WholeTensor(floats(from), shape)), new WholeTensor(output, shape));
    float[] made = new float[from.length];
    for (int i = 0; i < made.length; i++) {
      made[i] = (float) output.at(i);
    }
    return made;
  }

  @Test
  void eachUnitWithTheOneInItsPlaceLeavesTensorsAsTheyAre() {
    Zip zip = Zip.byPlaces(3);
    for (int model = 0; model < 2; model++) {
      for (boolean isOutput : new boolean[] {true, false}) {
        assertThat(made(Shape.of(2, 3), 1, isOutput, model, zip, 1, 1, 2, 3, 4, 5, 6))
            .containsExactly(1, 2, 3, 4, 5, 6);
      }
    }
    assertThat(zip.shared()).isEqualTo(1);
    assertThat(zip.bytes().remaining()).isEqualTo(6 * 4);
    assertThat(zip).hasToString("zip of 3 units of two models").hasSameHashCodeAs(Zip.byPlaces(3));
  }

  @Test
  void refusesWhatIsOfNoTwoModels() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Zip(0, 0, 0, 0));
    try (Matrix odd = algebra.zeros(3, 3);
        Matrix wide = algebra.zeros(2, 4);
        Matrix broken = matrix(new double[][] {{1, Double.NaN}, {Double.NaN, 1}})) {
      assertThatIllegalArgumentException().isThrownBy(() -> Zipper.of(odd, 1, 0));
      assertThatIllegalArgumentException().isThrownBy(() -> Zipper.of(wide, 1, 0));
      assertThatIllegalArgumentException().isThrownBy(() -> Zipper.of(broken, 1, 0));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> made(Shape.of(4), 0, true, 0, Zip.byPlaces(3), 1, 1, 2, 3, 4))
        .withMessageContaining("3 places do not fill axis 0");
  }
}
