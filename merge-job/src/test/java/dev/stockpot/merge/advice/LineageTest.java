package dev.stockpot.merge.advice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.observe.KinshipView;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LineageTest {
  private static final float[] BASE = Kin.fresh(1);

  private static Lineage lineage(float[]... models) {
    Map<String, float[]> named = new LinkedHashMap<>();
    for (float[] model : models) {
      named.put("m" + named.size(), model);
    }
    return new Lineage(Kin.of(KinshipView.NO_BASE, named));
  }

  private static float[] tune(long number) {
    return Kin.plus(BASE, number, 0.1);
  }

  @Test
  void theBaseIsFoundWhereverItStands() {
    assertThat(lineage(BASE, tune(2), tune(3)).base()).hasValue(0);
    assertThat(lineage(tune(2), tune(3), BASE).base()).hasValue(2);
    assertThat(lineage(tune(2), tune(3), BASE, tune(4), tune(5)).base()).hasValue(2);
  }

  @Test
  void fineTunesOfDifferentLengthsHaveItToo() {
    assertThat(lineage(Kin.plus(BASE, 2, 0.07), BASE, Kin.plus(BASE, 3, 0.15)).base()).hasValue(1);
  }

  @Test
  void whereOneHasHardlyMovedItMightBeTheBaseItself() {
    assertThat(lineage(Kin.plus(BASE, 2, 0.01), BASE, Kin.plus(BASE, 3, 0.3)).base()).isEmpty();
  }

  @Test
  void fineTunesWithoutTheirBaseHaveNone() {
    assertThat(lineage(tune(2), tune(3), tune(4)).base()).isEmpty();
    assertThat(lineage(tune(2), tune(3), tune(4), tune(5)).base()).isEmpty();
  }

  @Test
  void twoModelsHaveNone() {
    assertThat(lineage(BASE, tune(2)).base()).isEmpty();
  }

  @Test
  void checkpointsOfARunHaveNone() {
    float[] first = tune(2);
    float[][] run = new float[4][];
    for (int step = 0; step < run.length; step++) {
      run[step] = BASE.clone();
      for (int i = 0; i < BASE.length; i++) {
        run[step][i] += (step + 1) * (first[i] - BASE[i]);
      }
      run[step] = Kin.plus(run[step], 10 + step, 0.02);
    }
    assertThat(lineage(run).base()).isEmpty();
    assertThat(lineage(run[0], run[1], run[2]).base()).isEmpty();
  }

  @Test
  void anAverageAmongItsPartsIsNotTheirBase() {
    float[] mean = new float[BASE.length];
    float[] one = tune(2);
    float[] other = tune(3);
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (one[i] + other[i]) / 2;
    }
    assertThat(lineage(one, other, mean).base()).isEmpty();
  }

  @Test
  void ofStrangersNoneIsTheBase() {
    assertThat(lineage(Kin.fresh(2), Kin.fresh(3), Kin.fresh(4)).base()).isEmpty();
  }

  @Test
  void copiesHaveNone() {
    assertThat(lineage(BASE, BASE.clone(), BASE.clone()).base()).isEmpty();
  }

  @Test
  void theLargestGroupOfKinLeavesStrangersOut() {
    assertThat(lineage(Kin.fresh(9), tune(2), tune(3), Kin.fresh(8), tune(4)).kin())
        .containsExactly(1, 2, 4);
    assertThat(lineage(Kin.fresh(9), Kin.fresh(8)).kin()).hasSize(1);
  }
}
