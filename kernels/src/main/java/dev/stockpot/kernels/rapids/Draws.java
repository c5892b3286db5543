package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.GREATER_OR_EQUAL;
import static dev.stockpot.kernels.rapids.BinaryOperation.LESS;
import static dev.stockpot.kernels.rapids.BinaryOperation.MULTIPLY;
import static dev.stockpot.kernels.rapids.BinaryOperation.SHIFT_RIGHT;
import static dev.stockpot.kernels.rapids.BinaryOperation.XOR;
import static dev.stockpot.kernels.rapids.ColumnType.UINT16;
import static dev.stockpot.kernels.rapids.ColumnType.UINT32;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.random.RandomDrop;
import dev.stockpot.kernels.random.RandomStream;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** The draws of a block's elements, by the steps of {@link RandomStream#draw(int, int, int)}. */
final class Draws {
  private Draws() {}

  /** Where a drop keeps the block's elements. */
  static Column kept(Scratch s, RandomDrop drop, Block block) {
    Column draws = of(s, drop.draws(), block);
    Column stays = s.is(LESS, draws, Literal.uint32(drop.keepBelow()));
    s.drop(draws);
    return stays;
  }

  /** Of some places in the block, those that a drop does not keep. Takes them over. */
  static Column dropped(Scratch s, RandomDrop drop, Block block, Column places) {
    RandomStream stream = drop.draws();
    Column draws =
        byKeys(
            s,
            block,
            () -> places,
            keysOf ->
                draws(s, stream, Selections.plus(s, places, start(stream, block, keysOf)), keysOf));
    Column leaves = s.is(GREATER_OR_EQUAL, draws, Literal.uint32(drop.keepBelow()));
    s.drop(draws);
    Column dropped = s.own(s.device().filter(places, leaves));
    s.drop(leaves);
    s.drop(places);
    return dropped;
  }

  static Column of(Scratch s, RandomStream stream, Block block) {
    int count = block.count();
    return byKeys(
        s,
        block,
        () -> s.own(s.device().sequence(0, count)),
        keysOf ->
            draws(
                s,
                stream,
                s.own(s.device().sequence(start(stream, block, keysOf), count)),
                keysOf));
  }

  /** Draws with the keys of each element. */
  private static Column byKeys(
      Scratch s, Block block, Supplier<Column> places, LongFunction<Column> withKeysOf) {
    long first = block.firstElement();
    long last = first + block.count() - 1;
    Column draws = withKeysOf.apply(first);
    if (first >>> 32 == last >>> 32) {
      return draws;
    }
    // a tensor of more than 2³² elements: the keys change within the block
    long changes = last >>> 32 << 32;
    Column before = s.is(LESS, places.get(), Literal.uint32((int) (changes - first)));
    return s.select(before, draws, withKeysOf.apply(changes));
  }

  /** What is mixed for the first element of a block, with the keys of another. */
  private static int start(RandomStream stream, Block block, long keysOf) {
    return (int) block.firstElement() + stream.firstKey(keysOf);
  }

  /** All draws with the keys of one element. Takes over what is mixed. */
  private static Column draws(Scratch s, RandomStream stream, Column indices, long keysOf) {
    Column x = mixed(s, indices, 16);
    x = next(s, x, s.binary(MULTIPLY, x, Literal.uint32(0x7feb352d), UINT32));
    x = next(s, x, s.binary(XOR, x, Literal.uint32(stream.secondKey(keysOf)), UINT32));
    x = mixed(s, x, 15);
    x = next(s, x, s.binary(MULTIPLY, x, Literal.uint32(0x846ca68b), UINT32));
    return mixed(s, x, 16);
  }

  private static Column mixed(Scratch s, Column x, int shift) {
    ColumnType left = shift < 16 ? UINT32 : UINT16; // fewer bytes to move
    Column shifted = s.binary(SHIFT_RIGHT, x, Literal.uint32(shift), left);
    Column mixed = next(s, x, s.binary(XOR, x, shifted, UINT32));
    s.drop(shifted);
    return mixed;
  }

  private static Column next(Scratch s, Column before, Column after) {
    s.drop(before);
    return after;
  }
}
