package dev.stockpot.merge.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NormalsTest {
  @Test
  void drawsAreNormalAndApartFromEachOther() {
    Normals normals = new Normals(1);
    double sum = 0;
    double squares = 0;
    double neighbours = 0;
    double generations = 0;
    int count = 0;
    for (int g = 0; g < 400; g++) {
      for (int k = 0; k < 10; k++) {
        double[] drawn = normals.draw(g, k, 5);
        double[] next = normals.draw(g, k + 1, 5);
        double[] later = normals.draw(g + 1, k, 5);
        for (int i = 0; i < 5; i++) {
          sum += drawn[i];
          squares += drawn[i] * drawn[i];
          neighbours += drawn[i] * next[(i + 1) % 5];
          generations += drawn[(i + 1) % 5] * later[i];
          count++;
        }
      }
    }
    double error = 4 / Math.sqrt(count);
    assertThat(sum / count).isCloseTo(0, within(error));
    assertThat(squares / count).isCloseTo(1, within(2 * error));
    assertThat(neighbours / count).isCloseTo(0, within(error));
    assertThat(generations / count).isCloseTo(0, within(error));
  }

  @Test
  void drawsHangOnTheirPlaceAlone() {
    assertThat(new Normals(3).draw(2, 1, 4)).isEqualTo(new Normals(3).draw(2, 1, 4));
    assertThat(new Normals(3).draw(2, 1, 4)).isNotEqualTo(new Normals(4).draw(2, 1, 4));
  }
}
