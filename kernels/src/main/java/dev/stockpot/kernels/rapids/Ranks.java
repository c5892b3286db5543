package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.AND;
import static dev.stockpot.kernels.rapids.BinaryOperation.DIVIDE;
import static dev.stockpot.kernels.rapids.BinaryOperation.LESS;
import static dev.stockpot.kernels.rapids.BinaryOperation.MULTIPLY;
import static dev.stockpot.kernels.rapids.BinaryOperation.SUBTRACT;
import static dev.stockpot.kernels.rapids.ColumnType.FLOAT32;
import static dev.stockpot.kernels.rapids.ColumnType.UINT32;
import static dev.stockpot.kernels.rapids.ColumnType.UINT64;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.random.RankedDrop;

/**
 * Random drops by rank within each row of a block. One sort ranks all rows: its keys are row,
 * magnitude and place in the row, from the highest bits to the lowest, so that rows stay where they
 * are, and the lowest bits tell where each element came from.
 */
final class Ranks {
  private static final int MAGNITUDE_BITS = 31;

  private Ranks() {}

  /** What the draws keep, by the steps of {@link RankedDrop}; negative zero becomes zero. */
  static Column kept(Scratch s, Column a, RankedDrop drop, Block block) {
    int row = block.rowOrAll();
    Column places = s.own(s.device().sequence(0, block.count()));
    Column rows = s.binary(DIVIDE, places, Literal.uint32(row), UINT32);
    Column begins = s.binary(MULTIPLY, rows, Literal.uint32(row), UINT32);
    Column inRow = s.binary(SUBTRACT, places, begins, UINT32);
    s.drop(places);
    Column sources = sources(s, a, rows, begins, inRow, row);
    s.drop(rows);
    s.drop(begins);
    // sorted elements are in their rows too, so a place in a row is a rank
    Column byRank = s.own(s.device().uploadInts(keepBelow(drop, row)));
    Column ofSorted = s.own(s.device().gather(byRank, inRow));
    s.drop(inRow);
    Column keepBelow = s.own(s.device().scatter(ofSorted, sources, ofSorted));
    s.drop(ofSorted);
    s.drop(sources);
    Column draws = Draws.of(s, drop.unranked().draws(), block);
    Column stays = s.is(LESS, draws, keepBelow);
    s.drop(draws);
    s.drop(keepBelow);
    Column kept = s.select(stays, a, Selections.ZERO);
    s.drop(stays);
    return s.binary(ADD, kept, Selections.ZERO, FLOAT32);
  }

  /** Where the elements of the rows come from when each row is sorted by magnitude. */
  private static Column sources(
      Scratch s, Column a, Column rows, Column begins, Column inRow, int row) {
    int placeBits = Integer.SIZE - Integer.numberOfLeadingZeros(row - 1);
    Column magnitudes = Selections.magnitudes(s, a);
    Literal aboveRow = Literal.uint64(1L << (placeBits + MAGNITUDE_BITS));
    Column high = s.binary(MULTIPLY, rows, aboveRow, UINT64);
    Column middle = s.binary(MULTIPLY, magnitudes, Literal.uint64(1L << placeBits), UINT64);
    s.drop(magnitudes);
    Column upper = s.binary(ADD, high, middle, UINT64);
    s.drop(high);
    s.drop(middle);
    Column keys = s.binary(ADD, upper, inRow, UINT64);
    s.drop(upper);
    Column sorted = s.own(s.device().sorted(keys));
    s.drop(keys);
    Column cameFrom = s.binary(AND, sorted, Literal.uint64((1L << placeBits) - 1), UINT32);
    s.drop(sorted);
    return s.binary(ADD, begins, cameFrom, UINT32);
  }

  private static int[] keepBelow(RankedDrop drop, int row) {
    int[] limits = new int[row];
    for (int rank = 0; rank < row; rank++) {
      limits[rank] = drop.keepBelow(rank, row);
    }
    return limits;
  }
}
