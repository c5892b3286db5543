package dev.stockpot.merge.align;

import dev.stockpot.kernels.methods.matching.MatchingPrograms;
import dev.stockpot.kernels.methods.matching.Turn;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.model.Solved;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.List;

/** Tensors whose heads are turned. They are float32, rounded once when all is merged. */
final class TurnedView {
  private TurnedView() {}

  /**
   * A tensor whose heads along an axis are turned; as it is, if none are.
   *
   * @param along what lies along the axis
   */
  static TensorSource of(TensorSource source, int axis, List<UnitsAlong> along, UnitOrders orders) {
    List<MatchingPrograms.Placed> placed = new ArrayList<>();
    List<String> terms = new ArrayList<>();
    int first = 0;
    for (UnitsAlong units : along) {
      List<Turn> turns = orders.turns().getOrDefault(units.group(), List.of());
      if (!turns.isEmpty()) {
        Turn turn = turns.get(units.side());
        placed.add(new MatchingPrograms.Placed(first, turn));
        terms.add("%s from %s on".formatted(Sha256.of(turn.bytes()), first));
      }
      first += units.places();
    }
    if (placed.isEmpty()) {
      return source;
    }
    DType type = source.storedType().isWritable() ? source.storedType() : DType.BF16;
    return new Solved(
        "heads of " + along.get(0).group(),
        source.shape(),
        type,
        List.of(source),
        MatchingPrograms.turned(source.shape(), axis, placed),
        "heads along axis %s turned by %s".formatted(axis, String.join(", ", terms)));
  }
}
