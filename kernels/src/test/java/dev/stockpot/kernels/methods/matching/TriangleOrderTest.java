package dev.stockpot.kernels.methods.matching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.matrix.Permutation;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Upper triangles of symmetric matrices in another order. */
class TriangleOrderTest extends MatchingCases {
  @Test
  void isTheTriangleOfTheReorderedMatrix() {
    // 0 1 2       the rows and columns 2, 0, 1:   5 2 4
    // . 3 4                                       . 0 1
    // . . 5                                       . . 3
    assertThat(made(Permutation.of(2, 0, 1), 0, 1, 2, 3, 4, 5)).containsExactly(5, 2, 4, 0, 1, 3);
  }

  @Test
  void goesBackByTheInverse() {
    Permutation order = Permutation.of(3, 1, 0, 2);
    double[] drawn = numbers(10, 1);
    assertThat(made(order.inverse(), made(order, drawn))).containsExactly(drawn);
    assertThat(made(Permutation.identity(4), drawn)).containsExactly(drawn);
  }

  private double[] made(Permutation order, double... elements) {
    Shape shape = Shape.of(elements.length);
    Operand output = floats(new double[elements.length]);
    MatchingPrograms.orderOfTriangle(order)
        .make(
            algebra,
            List.of(new WholeTensor(floats(elements), shape)),
            new WholeTensor(output, shape));
    double[] made = new double[elements.length];
    for (int i = 0; i < made.length; i++) {
      made[i] = output.at(i);
    }
    return made;
  }
}
