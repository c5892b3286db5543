package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Simulated binary crossover and polynomial mutation. */
class BreedingTest {
  @Test
  void childrenStayInTheCube() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      double[] mother = {random.nextDouble(), 0, 1, 0.5};
      double[] father = {random.nextDouble(), 1, 1, 0.5 + 1e-16};
      for (double x : Breeding.child(mother, father, random)) {
        assertThat(x).isBetween(0.0, 1.0);
      }
    }
  }

  @Test
  void equalParentsHaveChildrenThatOnlyMutate() {
    SplittableRandom random = new SplittableRandom(2);
    int different = 0;
    double[] parent = new double[10];
    Arrays.fill(parent, 0.4);
    for (int i = 0; i < 2000; i++) {
      for (double x : Breeding.child(parent, parent, random)) {
        different += x == 0.4 ? 0 : 1;
      }
    }
    assertThat(different).as("one dimension of ten, on average").isBetween(1800, 2200);
  }

  @Test
  void childrenLieAboutTheirParents() {
    SplittableRandom random = new SplittableRandom(3);
    double sum = 0;
    int near = 0;
    int count = 40_000;
    for (int i = 0; i < count; i++) {
      double x = Breeding.child(new double[] {0.4}, new double[] {0.6}, random)[0];
      sum += x;
      near += Math.min(Math.abs(x - 0.4), Math.abs(x - 0.6)) < 0.05 ? 1 : 0;
    }
    assertThat(sum / count).isBetween(0.39, 0.51);
    assertThat(near).isGreaterThan(count * 8 / 10);
  }

  @Test
  void mutationsReachTheEdgesAndNotBeyond() {
    assertThat(Breeding.mutated(0.3, 0)).isZero();
    assertThat(Breeding.mutated(0.3, 1)).isEqualTo(1);
    assertThat(Breeding.mutated(0.3, 0.5)).isCloseTo(0.3, within(1e-12));
    assertThat(Breeding.mutated(0.5, 0.25))
        .isCloseTo(1 - Breeding.mutated(0.5, 0.75), within(1e-12));
  }

  @Test
  void mutationsAreSmallAsARule() { // eta 20: half of them are within 0.035 of the middle
    SplittableRandom random = new SplittableRandom(4);
    int near = 0;
    for (int i = 0; i < 10_000; i++) {
      near += Math.abs(Breeding.mutated(0.5, random.nextDouble()) - 0.5) < 0.035 ? 1 : 0;
    }
    assertThat(near).isBetween(4800, 5600);
  }
}
