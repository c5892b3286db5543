package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * How tensors are put together of others.
 *
 * @param isTransposed whether matrices are transposed before anything else; vectors stay
 * @param kept places along the axis that are kept; empty: all
 * @param joined tensors that follow the one that was matched
 * @param isStacked whether they lie along a new axis
 * @param sizes lengths along the axis of what it is split into; none: equal ones
 * @param groups how often the parts take turns along the axis
 * @param axis along which they follow each other
 */
public record Arrangement(
    boolean isTransposed,
    Optional<Kept> kept,
    List<Part> joined,
    boolean isStacked,
    Sizes sizes,
    Groups groups,
    int axis) {
  /** Tensors as they are. */
  public static final Arrangement NONE =
      new Arrangement(false, Optional.empty(), List.of(), false, Sizes.EQUAL, Groups.ONE, 0);

  public Arrangement {
    requireNonNull(kept, "kept is null");
    requireNonNull(sizes, "sizes is null");
    requireNonNull(groups, "groups is null");
    joined = List.copyOf(joined);
    if (axis < 0) {
      throw new IllegalArgumentException("axis is %s".formatted(axis));
    }
  }

  /** Places {@code [begin, end)} along an axis. */
  public record Kept(long begin, long end) {
    public Kept {
      if (begin < 0 || end <= begin) {
        throw new IllegalArgumentException("from %s to %s".formatted(begin, end));
      }
    }
  }

  /**
   * A tensor that is joined to another.
   *
   * @param from its model; empty: that of the other
   * @param name what stands in its name instead of what was matched
   */
  public record Part(Optional<ModelReference> from, String name) {
    public Part {
      requireNonNull(from, "from is null");
      requireNonNull(name, "name is null");
    }
  }

  /**
   * Lengths of what a tensor is split into.
   *
   * @param lengths one for each part; none: equal ones
   * @param areOfHeads whether the configuration gives them: queries, keys and values
   */
  public record Sizes(List<Long> lengths, boolean areOfHeads) {
    public static final Sizes EQUAL = new Sizes(List.of(), false);
    public static final Sizes OF_HEADS = new Sizes(List.of(), true);

    public Sizes {
      lengths = List.copyOf(lengths);
    }
  }

  /**
   * How often parts take turns: {@code q k v} once, or {@code q0 k0 v0 q1 k1 v1 …}.
   *
   * @param count if it is a number
   */
  public record Groups(Kind kind, long count) {
    /** Once: all of one part, then all of the next. */
    public static final Groups ONE = new Groups(Kind.COUNT, 1);

    /** Who says how often. */
    public enum Kind {
      /** The recipe. */
      COUNT,
      /** The configuration: once for each head of attention. */
      HEADS,
      /** The configuration: once for each head of keys and values. */
      KEY_VALUE_HEADS,
      /** Every row is another part's. */
      ROWS
    }

    public Groups {
      requireNonNull(kind, "kind is null");
      if (kind == Kind.COUNT && count < 1) {
        throw new IllegalArgumentException("%s groups".formatted(count));
      }
    }
  }
}
