package dev.stockpot.merge.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bins of equally many examples beside a plain sort. */
class MassEdgesTest {
  static Stream<Arguments> confidences() {
    Random random = new Random(5);
    DoubleSupplier crowded = () -> 1 - Math.pow(random.nextDouble(), 12) / 2;
    DoubleSupplier coarse = () -> 0.5 + random.nextInt(4) / 8.0;
    List<Arguments> all = new ArrayList<>();
    for (int count : new int[] {1, 14, 15, 16, 100, 2_000}) {
      all.add(Arguments.of("spread", count, (DoubleSupplier) () -> 0.5 + random.nextDouble() / 2));
      all.add(Arguments.of("crowded at one", count, crowded));
      all.add(Arguments.of("many equal", count, coarse));
      all.add(Arguments.of("all equal", count, (DoubleSupplier) () -> 1));
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("confidences")
  void errorsAreThoseOfASort(String what, int count, DoubleSupplier draw) {
    Random random = new Random(7);
    List<PredictionRow> rows = new ArrayList<>();
    double[][] gaps = new double[count][];
    for (int i = 0; i < count; i++) {
      double confidence = draw.getAsDouble();
      int label = random.nextDouble() < 0.7 ? 0 : 1;
      rows.add(new PredictionRow("e%05d".formatted(i), 0, label, confidence, 1 - confidence));
      gaps[i] = new double[] {confidence, label == 0 ? 1 : 0};
    }
    Tables tables = new Tables(List.of(Scale.PROBABILITIES), 2, false);
    Passes passes = DigitTables.passes(DigitTables.blocks(rows, tables));
    Measures found =
        new Measuring(List.of(new Series(what, new Single(0))), 2, 0, 0).over(passes).get(0);
    assertThat(found.eceMass()).isCloseTo(sorted(gaps), within(1e-12));
  }

  /** Equal confidences share what is right among them. */
  private static double sorted(double[][] gaps) {
    Arrays.sort(gaps, (a, b) -> Double.compare(a[0], b[0]));
    int n = gaps.length;
    double[] below = new double[n + 1];
    for (int from = 0; from < n; ) {
      int to = from;
      double right = 0;
      while (to < n && gaps[to][0] == gaps[from][0]) {
        right += gaps[to++][1];
      }
      for (int i = from; i < to; i++) {
        below[i + 1] = below[i] + right / (to - from) - gaps[i][0];
      }
      from = to;
    }
    double error = 0;
    double before = 0;
    for (int bin = 1; bin <= 15; bin++) {
      double cut = (double) n * bin / 15;
      int low = Math.min(n - 1, (int) cut);
      double at = below[low] + (cut - low) * (below[low + 1] - below[low]);
      error += Math.abs(at - before) / n;
      before = at;
    }
    return error;
  }
}
