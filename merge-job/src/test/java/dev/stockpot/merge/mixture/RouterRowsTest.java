package dev.stockpot.merge.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows of routers are scaled, centred and judged as is written. */
class RouterRowsTest {
  private static RouterRows rows(double[]... rows) {
    return new RouterRows(List.of(rows));
  }

  @Test
  void rowsGetLengthOne() {
    RouterRows unit = rows(new double[] {3, 4}, new double[] {0, 0}).normalized();
    assertThat(unit.rows().get(0)).containsExactly(0.6, 0.8);
    assertThat(unit.rows().get(1)).containsExactly(0, 0); // a row that points nowhere stays so
  }

  @Test
  void centredRowsSumToZero() {
    RouterRows centred = rows(new double[] {1, 5}, new double[] {3, 1}).centred();
    assertThat(centred.rows().get(0)).containsExactly(-1, 2);
    assertThat(centred.rows().get(1)).containsExactly(1, -2);
  }

  @Test
  void rowsAtRightAnglesHaveTheConditionOfTheirLengths() {
    assertThat(rows(new double[] {2, 0, 0}, new double[] {0, 1, 0}).condition())
        .isCloseTo(2, within(1e-12));
    assertThat(rows(new double[] {1, 0}, new double[] {0, 1}).condition())
        .isCloseTo(1, within(1e-12));
  }

  @Test
  void rowsThatAreEqualCannotBeToldApart() {
    assertThat(rows(new double[] {1, 2}, new double[] {1, 2}).condition())
        .isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void twoUnitRowsHaveTheConditionOfTheirAngle() {
    // the Gram matrix [1 c; c 1] has the eigenvalues 1 + c and 1 - c
    double cosine = 0.9;
    RouterRows two =
        rows(new double[] {1, 0}, new double[] {cosine, Math.sqrt(1 - cosine * cosine)});
    assertThat(two.condition()).isCloseTo(Math.sqrt(1.9 / 0.1), within(1e-9));
  }

  @Test
  void rowsComeOutOfATensorAndGoIntoOne() {
    RouterRows read = RouterRows.of(new double[] {1, 2, 3, 4, 5, 6}, 3);
    assertThat(read.rows()).hasSize(2);
    assertThat(read.only(1).rows().get(0)).containsExactly(4, 5, 6);
    float[] written = new float[3];
    read.scaled(2).tensor().numbers().fill(3, written);
    assertThat(written).containsExactly(8, 10, 12);
    assertThat(read.tensor().shape().dimensions()).containsExactly(2L, 3L);
  }
}
