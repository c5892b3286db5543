package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.output.RankCut;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is said of numbers that were found of matrices. */
class MeasuredMatricesTest {
  private static MeasuredMatrices of(Map<String, Map<String, Double>> measures) {
    return MeasuredMatrices.of(new MatrixFindings(Map.of(), measures));
  }

  @Test
  void fewNumbersAreAllNamedTheLeastFirst() {
    assertThat(
            of(Map.of("a", Map.of("R²", 0.75), "b", Map.of("R²", 0.5, "ridge", 1e-6))).sentences())
        .containsExactly("R²: 0.50000 of b, 0.75000 of a", "ridge: 1.0000e-06 of b");
  }

  @Test
  void ofManyTheRangeAndTheLeastAreNamed() {
    Map<String, Map<String, Double>> many = new TreeMap<>();
    for (int layer = 0; layer < 11; layer++) {
      many.put("layers.%s.w".formatted(layer), Map.of("rank", 1 - layer / 20.0));
    }
    assertThat(of(many).sentences())
        .containsExactly(
            "rank: from 0.50000 to 1.0000, half of 11 below 0.75000; the least are 0.50000 of"
                + " layers.10.w, 0.55000 of layers.9.w, 0.60000 of layers.8.w");
  }

  @Test
  void equalNumbersComeInTheOrderOfTheirTensors() {
    assertThat(of(Map.of("t.10", Map.of("R²", 1.0), "t.9", Map.of("R²", 1.0))).sentences())
        .containsExactly("R²: 1.0000 of t.9, 1.0000 of t.10");
  }

  @Test
  void nothingIsSaidOfNothing() {
    assertThat(of(Map.of()).sentences()).isEmpty();
  }

  @Test
  void whatSeveralPartsFoundIsToldOnce() {
    MatrixFindings one =
        new MatrixFindings(Map.of("m", new RankCut(1, 1, 0, 1)), Map.of("map", Map.of("R²", 0.25)));
    MatrixFindings other = new MatrixFindings(Map.of(), Map.of("map", Map.of("R²", 0.25)));
    MatrixFindings all = MatrixFindings.all(List.of(one, other, MatrixFindings.NONE));
    assertThat(all).isEqualTo(one);
    assertThat(MeasuredMatrices.of(all).sentences()).containsExactly("R²: 0.25000 of map");
  }
}
