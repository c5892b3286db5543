package dev.stockpot.kernels.methods.matching;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.matrix.Permutation;
import java.util.List;

/**
 * Units each of which may go anywhere: those of a hidden layer, channels, experts.
 *
 * @param count how many there are
 */
public record FreeUnits(int count) implements UnitShape {
  public FreeUnits {
    if (count < 1) {
      throw new IllegalArgumentException("a group of %s units".formatted(count));
    }
  }

  @Override
  public List<Integer> sides() {
    return List.of(count);
  }

  @Override
  public List<Permutation> best(Matrices algebra, List<Matrix> likeness) {
    return List.of(BestOrder.of(algebra, likeness.get(0)));
  }

  @Override
  public Demand demand() {
    return BestOrder.demand(count);
  }
}
