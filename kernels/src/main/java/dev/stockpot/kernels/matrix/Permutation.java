package dev.stockpot.kernels.matrix;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/** An order of things, such as rows of a matrix: which of them goes to each place. */
public final class Permutation implements Serializable {
  private static final long serialVersionUID = 1;

  private final int[] units;

  private Permutation(int[] units) {
    this.units = units;
  }

  /**
   * An order.
   *
   * @param order which goes to each place
   * @throws IllegalArgumentException if one is there twice, or none of them
   */
  public static Permutation of(int... order) {
    BitSet seen = new BitSet(order.length);
    for (int unit : order) {
      if (unit < 0 || unit >= order.length || seen.get(unit)) {
        throw new IllegalArgumentException(
            "%s is none of %s, or is there twice".formatted(unit, order.length));
      }
      seen.set(unit);
    }
    return new Permutation(order.clone());
  }

  /** Each where it is. */
  public static Permutation identity(int size) {
    int[] units = new int[size];
    Arrays.setAll(units, place -> place);
    return new Permutation(units);
  }

  /** The last one first. */
  public static Permutation reversed(int size) {
    int[] units = new int[size];
    Arrays.setAll(units, place -> size - 1 - place);
    return new Permutation(units);
  }

  public int size() {
    return units.length;
  }

  /** Which goes to a place. */
  public int at(int place) {
    return units[place];
  }

  /** How many go to another place than their own. */
  public int moved() {
    int moved = 0;
    for (int place = 0; place < units.length; place++) {
      moved += units[place] == place ? 0 : 1;
    }
    return moved;
  }

  /** The order of their members, of which each has so many, which stay together. */
  public Permutation each(int members) {
    int[] all = new int[Math.multiplyExact(units.length, members)];
    Arrays.setAll(all, place -> units[place / members] * members + place % members);
    return new Permutation(all);
  }

  /** The one order that is another one first and this one then. */
  public Permutation after(Permutation first) {
    int[] both = new int[units.length];
    Arrays.setAll(both, place -> first.units[units[place]]);
    return of(both);
  }

  /** The order that takes this one back. */
  public Permutation inverse() {
    int[] back = new int[units.length];
    for (int place = 0; place < units.length; place++) {
      back[units[place]] = place;
    }
    return new Permutation(back);
  }

  /** All places as int32, for digests. */
  public ByteBuffer bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(units.length, Integer.BYTES));
    bytes.asIntBuffer().put(units);
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Permutation order && Arrays.equals(units, order.units);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(units);
  }

  @Override
  public String toString() {
    return "permutation of %s, %s moved".formatted(units.length, moved());
  }
}
