package dev.stockpot.merge.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.observe.KinshipView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KinshipTest {
  private static final int NO_BASE = KinshipView.NO_BASE;
  private static final float[] BASE = Kin.fresh(1);

  private static Map<String, float[]> models(Object... namesAndModels) {
    Map<String, float[]> models = new LinkedHashMap<>();
    for (int i = 0; i < namesAndModels.length; i += 2) {
      models.put((String) namesAndModels[i], (float[]) namesAndModels[i + 1]);
    }
    return models;
  }

  private static Pair only(Kinship kinship) {
    assertThat(kinship.pairs()).hasSize(1);
    return kinship.pairs().get(0);
  }

  @Test
  void modelsThatWereTrainedApartHaveNothingInCommon() {
    Pair pair = only(Kin.of(NO_BASE, models("a", BASE, "b", Kin.fresh(2))));
    assertThat(pair.cosine().orElseThrow()).isCloseTo(0, within(0.1));
    assertThat(pair.relative().orElseThrow()).isCloseTo(Math.sqrt(2), within(0.1));
    assertThat(pair.fixed().orElseThrow()).isCloseTo(0, within(0.3));
    assertThat(pair.verdict()).isEqualTo(Verdict.TRAINED_APART);
  }

  @Test
  void aPermutedCopyIsTakenForOneThatWasTrainedApart() {
    float[] turned = new float[BASE.length];
    System.arraycopy(BASE, Kin.COLUMNS, turned, 0, BASE.length - Kin.COLUMNS);
    System.arraycopy(BASE, 0, turned, BASE.length - Kin.COLUMNS, Kin.COLUMNS);
    Pair pair = only(Kin.of(NO_BASE, models("a", BASE, "b", turned)));
    assertThat(pair.fixed().orElseThrow()).isLessThan(0.1);
    assertThat(pair.verdict()).isEqualTo(Verdict.TRAINED_APART);
  }

  @Test
  void aLargeCommonPartDoesNotHideThatUnitsHaveMoved() {
    float[] one = new float[BASE.length];
    float[] other = new float[BASE.length];
    for (int i = 0; i < BASE.length; i++) {
      one[i] = 3 + BASE[i];
      other[i] = 3 + BASE[(i + Kin.COLUMNS) % BASE.length];
    }
    Pair pair = only(Kin.of(NO_BASE, models("a", one, "b", other)));
    assertThat(pair.cosine().orElseThrow()).isGreaterThan(0.8);
    assertThat(pair.verdict()).isEqualTo(Verdict.TRAINED_APART);
  }

  @Test
  void twoWithoutABaseComeFromOneStart() {
    Pair pair =
        only(Kin.of(NO_BASE, models("a", Kin.plus(BASE, 2, 0.1), "b", Kin.plus(BASE, 3, 0.1))));
    assertThat(pair.cosine().orElseThrow()).isCloseTo(1 / 1.01, within(0.01));
    assertThat(pair.fixed()).hasValue(1);
    assertThat(pair.taskCosine()).isEmpty();
    assertThat(pair.verdict()).isEqualTo(Verdict.ONE_START);
  }

  @ParameterizedTest
  @CsvSource({"0.0, ONE_BASE", "0.3, ONE_BASE", "0.7, ALIKE", "0.95, ALIKE"})
  void withABaseTaskVectorsDecide(double cosine, Verdict verdict) {
    float[] one = Kin.plus(BASE, 2, 0.1);
    float[] other = BASE.clone();
    float[] own = Kin.fresh(3);
    for (int i = 0; i < other.length; i++) {
      other[i] +=
          (float) (cosine * (one[i] - BASE[i]) + Math.sqrt(1 - cosine * cosine) * 0.1 * own[i]);
    }
    Kinship kinship = Kin.of(1, models("a", one, "base", BASE, "b", other));
    Pair pair = only(kinship);
    assertThat(pair.one()).isEqualTo("a");
    assertThat(pair.other()).isEqualTo("b");
    assertThat(pair.taskCosine().orElseThrow()).isCloseTo(cosine, within(0.05));
    double angle = Math.acos(cosine);
    assertThat(pair.signs().orElseThrow()).isCloseTo(1 - angle / Math.PI, within(0.05));
    assertThat(pair.verdict()).isEqualTo(verdict);
    assertThat(kinship.change(0).orElseThrow()).isCloseTo(0.1, within(0.01));
    assertThat(kinship.unchanged(0)).hasValue(0);
    assertThat(kinship.pairsWithBase()).hasSize(2);
  }

  @Test
  void whatIsSpoiltInTheMiddleIsFarApart() {
    Pair pair =
        only(Kin.of(NO_BASE, models("a", Kin.plus(BASE, 2, 0.8), "b", Kin.plus(BASE, 3, 0.8))));
    assertThat(pair.fixed().orElseThrow()).isGreaterThan(0.9);
    assertThat(pair.verdict()).isEqualTo(Verdict.FAR_APART);
  }

  @Test
  void copiesAreTheSameAlsoWhereAllIsZero() {
    assertThat(only(Kin.of(NO_BASE, models("a", BASE, "b", BASE.clone()))).verdict())
        .isEqualTo(Verdict.SAME);
    float[] zeros = new float[BASE.length];
    assertThat(only(Kin.of(NO_BASE, models("a", zeros, "b", zeros.clone()))).verdict())
        .isEqualTo(Verdict.SAME);
  }

  @Test
  void besideZerosNothingIsKnown() {
    Pair pair = only(Kin.of(NO_BASE, models("a", new float[BASE.length], "b", BASE)));
    assertThat(pair.cosine()).isEmpty();
    assertThat(pair.verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void aModelThatIsTheBaseHasNoTaskVector() {
    Pair pair =
        only(Kin.of(0, models("base", BASE, "a", BASE.clone(), "b", Kin.plus(BASE, 2, 0.1))));
    assertThat(pair.taskCosine()).isEmpty();
    assertThat(pair.signs()).isEmpty();
    assertThat(pair.verdict()).isEqualTo(Verdict.ONE_START);
  }

  @Test
  void vectorsAreSpokenOfWhereThereIsNothingElse() {
    Shape flat = Shape.of(Kin.ROWS * Kin.COLUMNS);
    Pair pair = only(Kin.of(NO_BASE, models("a", BASE, "b", Kin.plus(BASE, 2, 0.1)), flat));
    assertThat(pair.fixed()).isEmpty();
    assertThat(pair.verdict()).isEqualTo(Verdict.ONE_START);
  }

  @Test
  void brokenTensorsAreLeftOutAndTold() {
    float[] broken = BASE.clone();
    broken[5] = Float.NaN;
    Kinship kinship = Kin.of(NO_BASE, models("a", BASE, "b", broken));
    assertThat(kinship.notices())
        .isEqualTo(
            List.of(
                "1 of 1 tensors have NaN or infinite elements and are left out, for example w"));
    assertThat(only(kinship).verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(kinship.elements()).isZero();
  }

  @Test
  void unchangedElementsAreCounted() {
    float[] sparse = BASE.clone();
    for (int i = 0; i < sparse.length; i += 10) {
      sparse[i] += 1;
    }
    Kinship kinship = Kin.of(0, models("base", BASE, "a", sparse));
    assertThat(kinship.unchanged(1).orElseThrow()).isCloseTo(0.9, within(0.001));
    assertThat(kinship.pairs()).isEmpty();
  }
}
