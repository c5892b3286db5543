package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT64;

import dev.stockpot.kernels.block.Block;
import java.util.Optional;

/**
 * Puts elements in the order in which sums take them: what is added first to each of many sums,
 * then what is added next to each, … What is added next to a sum then lies together, and all sums
 * need no more than adding parts of a column, one after the other.
 */
abstract class SumOrder implements AutoCloseable {
  private final Device device;
  private Optional<Column> places = Optional.empty();
  private Size ofPlaces = new Size(0, 0);

  private record Size(int elements, int row) {}

  SumOrder(Device device) {
    this.device = device;
  }

  /** Whether a block's elements lie in that order. */
  abstract boolean isNatural(Block block);

  /** Whether a block has an element for every place; some else are taken by a zero behind all. */
  abstract boolean isFilled(Block block);

  /** Where the elements come from; the block's count for a place that has none. */
  abstract Column made(Scratch s, Block block);

  /** A block's elements in that order. */
  final Column of(Column values, Block block) {
    if (isNatural(block)) {
      return device.bits(values, values.type()); // a view, so that there is one to close
    }
    try (Scratch s = new Scratch(device)) {
      Column map = places(block);
      return device.gather(isFilled(block) ? values : withZero(s, values), map);
    }
  }

  private static Column withZero(Scratch s, Column values) {
    Column zero = s.own(s.device().filled(new Literal(values.type(), 0), 1));
    return s.own(s.device().joined(values, zero));
  }

  /** Kept, as most blocks are of one size. */
  private Column places(Block block) {
    Size size = new Size(block.count(), block.rowOrAll());
    if (places.isEmpty() || !size.equals(ofPlaces)) {
      close();
      try (Scratch s = new Scratch(device)) {
        places = Optional.of(s.released(made(s, block)));
      }
      ofPlaces = size;
    }
    return places.get();
  }

  /**
   * Adds so many parts of a column. Begins with the first rather than with zero: only a sum of
   * negative zeros differs, and not any more when it is added to one that began at zero.
   */
  static Column folded(Scratch s, Column parts, int count) {
    int rows = parts.rows() / count;
    Column sum = s.slice(parts, 0, rows);
    for (int i = 1; i < count; i++) {
      Column more = s.binary(ADD, sum, s.slice(parts, i * rows, rows), FLOAT64);
      s.drop(sum);
      sum = more;
    }
    return sum;
  }

  @Override
  public final void close() {
    places.ifPresent(Column::close);
    places = Optional.empty();
  }
}
