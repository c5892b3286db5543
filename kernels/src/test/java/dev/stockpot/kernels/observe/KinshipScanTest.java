package dev.stockpot.kernels.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Scan.BlockScan;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.statistic.PartialSums;
import dev.stockpot.kernels.vector.VectorProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KinshipScanTest {
  private static final String NAME = "w";
  private static final KernelProvider LANES = new VectorProvider();
  private static final KinshipView PAIR = new KinshipView(2, KinshipView.NO_BASE);
  private static final KinshipView ON_FIRST = new KinshipView(3, 0);

  private final Operands operands = new Operands();

  @AfterEach
  void close() {
    operands.close();
  }

  @Test
  void lengthsAndDistancesAreThoseOfPlainCode() {
    float[][] models = random(3, 5_003);
    KinshipSums sums = look(new KinshipView(3, KinshipView.NO_BASE), 0, models, 0, 5_003);
    for (int i = 0; i < 3; i++) {
      assertThat(sums.square(i)).isCloseTo(square(models[i]), within(1e-6 * square(models[i])));
      for (int j = 0; j < 3; j++) {
        double distance = square(difference(models[i], models[j]));
        assertThat(sums.distance(i, j)).isCloseTo(distance, within(1e-6 * distance));
      }
    }
    assertThat(sums.elements()).isEqualTo(5_003);
  }

  @Test
  void modelsThatAreNearEachOtherHaveADistanceAllTheSame() {
    float[] first = random(1, 1_000)[0];
    float[] second = first.clone();
    second[17] += 0x1p-20f * Math.abs(second[17]);
    double step = second[17] - first[17];
    assertThat(look(PAIR, 0, new float[][] {first, second}, 0, 1_000).distance(0, 1))
        .isEqualTo(step * step)
        .isPositive();
  }

  @Test
  void signsAreThoseOfTaskVectorsThatAreNotZero() {
    float[][] models = {
      {1, 1, 1, 1, 1, 1, -1, 0},
      {2, 0, 1, 2, 0, 1, -2, 0},
      {3, -1, 2, 0, 2, 1, -3, -0f}
    };
    KinshipSums sums = look(ON_FIRST, 0, models, 0, 8);
    assertThat(sums.changed(1)).isEqualTo(5);
    assertThat(sums.changed(2)).isEqualTo(6);
    assertThat(sums.changedByBoth(1, 2)).isEqualTo(5);
    assertThat(sums.agreeing(1, 2)).isEqualTo(3).isEqualTo(sums.agreeing(2, 1));
  }

  @Test
  void tinyTaskVectorsHaveSigns() {
    float tiny = 1e-38f;
    float[][] models = {{0, 0, 0}, {tiny, -tiny, tiny}, {tiny, -tiny, -tiny}};
    KinshipSums sums = look(ON_FIRST, 0, models, 0, 3);
    assertThat(sums.changedByBoth(1, 2)).isEqualTo(3);
    assertThat(sums.agreeing(1, 2)).isEqualTo(2);
  }

  @Test
  void theBaseMayStandAnywhere() {
    float[][] models = random(3, 900);
    KinshipSums first = look(ON_FIRST, 0, models, 0, 900);
    float[][] turned = {models[1], models[0], models[2]};
    KinshipSums second = look(new KinshipView(3, 1), 0, turned, 0, 900);
    assertThat(second.agreeing(0, 2)).isEqualTo(first.agreeing(1, 2)).isPositive();
    assertThat(second.changed(0)).isEqualTo(first.changed(1));
  }

  @Test
  void withoutABaseThereIsNothingToSayOfSigns() {
    KinshipSums sums = look(PAIR, 0, random(2, 10), 0, 10);
    assertThatThrownBy(() -> sums.agreeing(0, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("2 models without a base");
  }

  @Test
  void unitsOfACopyStandWhereTheyStood() {
    float[] model = random(1, 40 * 30)[0];
    UnitSums units = look(PAIR, 30, new float[][] {model, model}, 0, 1_200).units();
    assertThat(units.units()).containsExactly(16);
    assertThat(units.fixed()).containsExactly(16);
    assertThat(units.chance()[0]).isCloseTo(1, within(1e-12));
  }

  @Test
  void unitsThatChangedPlacesDoNot() {
    float[] model = random(1, 40 * 30)[0];
    float[] turned = new float[model.length];
    for (int row = 0; row < 40; row++) {
      System.arraycopy(model, row * 30, turned, (row % 2 == 0 ? row + 1 : row - 1) * 30, 30);
    }
    UnitSums units = look(PAIR, 30, new float[][] {model, turned}, 0, 1_200).units();
    assertThat(units.fixed()).containsExactly(0);
  }

  @Test
  void unitsAreNearWhereDirectionsAreWhateverTheirLength() {
    float[] model = random(1, 20 * 30)[0];
    float[] scaled = model.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= i / 30 + 1;
    }
    UnitSums units = look(PAIR, 30, new float[][] {model, scaled}, 0, 600).units();
    assertThat(units.fixed()).containsExactly(16);
  }

  @Test
  void equalUnitsShareWhatTheyAreWorthAndZerosAreNone() {
    float[] model = new float[10 * 8];
    Arrays.fill(model, 0, 8 * 8, 1); // eight equal rows, two of zeros
    UnitSums units = look(PAIR, 8, new float[][] {model, model}, 0, 80).units();
    assertThat(units.units()).containsExactly(8);
    assertThat(units.fixed()[0]).isCloseTo(1, within(1e-12)).isEqualTo(units.chance()[0]);
  }

  @Test
  void ofASliceInTheMiddleOfAUnitTheNextWholeOnesAreSeen() {
    float[][] models = random(2, 30 * 10);
    models[1] = models[0].clone();
    UnitSums units = look(PAIR, 30, models, 64, 300).units(); // begins 4 into the third
    assertThat(units.units()).containsExactly(9);
  }

  @Test
  void tooFewOrTooShortUnitsSayNothing() {
    assertThat(look(PAIR, 30, random(2, 90), 0, 90).units().units()).containsExactly(0);
    assertThat(look(PAIR, 4, random(2, 90), 0, 90).units().units()).containsExactly(0);
    assertThat(look(PAIR, 0, random(2, 90), 0, 90).units().units()).containsExactly(0);
  }

  @Test
  void longUnitsAreComparedByTheirBeginnings() {
    float[] model = random(1, 5 * 600)[0];
    float[] other = model.clone();
    for (int row = 0; row < 5; row++) {
      Arrays.fill(other, row * 600 + NearestUnits.MOST_ELEMENTS, (row + 1) * 600, 9);
    }
    UnitSums units = look(PAIR, 600, new float[][] {model, other}, 0, 3_000).units();
    assertThat(units.fixed()).containsExactly(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 3 * 4096, 1 << 20})
  void chunksAndProvidersChangeNoBit(int chunk) {
    float[][] models = random(3, (1 << 20) + 70_001);
    KinshipSums whole = look(LANES, ON_FIRST, 700, models, 0, 1 << 21);
    for (KernelProvider provider : List.of(LANES, new ScalarProvider())) {
      KinshipSums cut = look(provider, ON_FIRST, 700, models, 0, chunk);
      assertThat(cut.sums().partials()).containsExactly(whole.sums().partials());
      assertThat(cut.units().fixed()).containsExactly(whole.units().fixed());
    }
  }

  @Test
  void slicesOfATensorAddUpAndTensorsStayApart() {
    float[][] models = random(2, 2_000);
    KinshipScan.Found first = found(LANES, PAIR, 10, models, 0, 500);
    KinshipScan.Found other =
        new KinshipScan.Found(Map.of("other", look(PAIR, 10, models, 0, 100)));
    KinshipScan.Found both = first.plus(first).plus(other);
    assertThat(both.tensors().keySet()).containsExactlyInAnyOrder(NAME, "other");
    KinshipSums twice = both.tensors().get(NAME);
    assertThat(twice.elements()).isEqualTo(4_000);
    assertThat(twice.distance(0, 1)).isEqualTo(2 * first.tensors().get(NAME).distance(0, 1));
    assertThat(twice.units().units()).containsExactly(32);
  }

  @Test
  void whatIsNotFiniteIsNoticed() {
    float[][] models = random(2, 100);
    assertThat(look(PAIR, 0, models, 0, 100).isFinite()).isTrue();
    models[1][50] = Float.NaN;
    assertThat(look(PAIR, 0, models, 0, 100).isFinite()).isFalse();
    models[1][50] = Float.NEGATIVE_INFINITY;
    assertThat(look(PAIR, 0, models, 0, 100).isFinite()).isFalse();
  }

  @Test
  void otherFindingsAreRefused() {
    KinshipScan.Found found = found(LANES, PAIR, 0, random(2, 10), 0, 10);
    PartialSums other = new PartialSums(1, new double[1]);
    assertThatThrownBy(() -> found.plus(other)).hasMessageContaining("tells of no kinship");
    KinshipSums pair = look(PAIR, 0, random(2, 10), 0, 10);
    KinshipSums three = look(ON_FIRST, 0, random(3, 10), 0, 10);
    assertThatThrownBy(() -> pair.plus(three)).isInstanceOf(IllegalArgumentException.class);
  }

  private KinshipSums look(KinshipView view, long unit, float[][] models, long first, int chunk) {
    return look(LANES, view, unit, models, first, chunk);
  }

  private KinshipSums look(
      KernelProvider provider,
      KinshipView view,
      long unit,
      float[][] models,
      long first,
      int chunk) {
    return found(provider, view, unit, models, first, chunk).tensors().get(NAME);
  }

  private KinshipScan.Found found(
      KernelProvider provider,
      KinshipView view,
      long unit,
      float[][] models,
      long firstElement,
      int chunk) {
    try (Kernels<?> kernels = provider.open()) {
      BlockScan scan = new KinshipScan(NAME, view, unit).open(kernels);
      int elements = models[0].length;
      for (int first = 0; first < elements; first += chunk) {
        int end = Math.min(elements, first + chunk);
        List<Operand> loaded = new ArrayList<>();
        for (float[] model : models) {
          loaded.add(operands.of(DType.F32, Arrays.copyOfRange(model, first, end)));
        }
        Block.each(
            firstElement + first,
            end - first,
            kernels.capacity(),
            block -> scan.scan(block, loaded));
      }
      return KinshipScan.Found.of(scan.found());
    }
  }

  private static float[][] random(int models, int elements) {
    Random random = new Random(17L * models + elements);
    float[][] values = new float[models][elements];
    for (int i = 0; i < elements; i++) {
      double common = random.nextGaussian();
      for (int model = 0; model < models; model++) {
        values[model][i] = (float) (common + 0.3 * random.nextGaussian());
      }
    }
    return values;
  }

  private static float[] difference(float[] a, float[] b) {
    float[] difference = a.clone();
    for (int i = 0; i < a.length; i++) {
      difference[i] -= b[i];
    }
    return difference;
  }

  private static double square(float[] a) {
    double square = 0;
    for (float x : a) {
      square += (double) x * x;
    }
    return square;
  }
}
