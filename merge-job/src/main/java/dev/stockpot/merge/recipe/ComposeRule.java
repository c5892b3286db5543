package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Initialisation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A rule of a composition: which tensors of the output there are, and what they are made of. */
public sealed interface ComposeRule {
  /** Where the recipe says it. */
  int line();

  /** The models whose tensors it takes. */
  List<ModelReference> models();

  void accept(Visitor visitor);

  /** The model that gives configuration and tokenizer if this rule is the first to have one. */
  default Optional<ModelReference> giver() {
    return Optional.empty();
  }

  /** What can be done with each kind. */
  interface Visitor {
    void take(Take rule);

    void fresh(Fresh rule);
  }

  /**
   * Tensors of a model, under other names or in another arrangement.
   *
   * @param match which ones, and what of their names is replaced
   * @param except of those, the ones that are left out
   * @param under what stands in front of every name; may be empty
   * @param as what stands instead of what was matched; as many as a tensor is split into
   * @param isLeftOut whether none of them goes into the output
   */
  record Take(
      ModelReference from,
      NamePattern match,
      List<NamePattern> except,
      String under,
      List<String> as,
      boolean isLeftOut,
      Arrangement arrangement,
      int line)
      implements ComposeRule {
    public Take {
      requireNonNull(from, "from is null");
      requireNonNull(match, "match is null");
      requireNonNull(under, "under is null");
      requireNonNull(arrangement, "arrangement is null");
      except = List.copyOf(except);
      as = List.copyOf(as);
    }

    @Override
    public List<ModelReference> models() {
      List<ModelReference> models = new ArrayList<>(List.of(from));
      arrangement.joined().forEach(part -> part.from().ifPresent(models::add));
      return models;
    }

    @Override
    public Optional<ModelReference> giver() {
      return isLeftOut ? Optional.empty() : Optional.of(from);
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.take(this);
    }
  }

  /**
   * A tensor that no model holds.
   *
   * @param seed of its draws; empty: the merge's
   * @param dtype that it is stored as; empty: that of the tensors that are taken
   */
  record Fresh(
      String as,
      Shape shape,
      Initialisation initialisation,
      OptionalLong seed,
      Optional<DType> dtype,
      int line)
      implements ComposeRule {
    public Fresh {
      requireNonNull(as, "as is null");
      requireNonNull(shape, "shape is null");
      requireNonNull(initialisation, "initialisation is null");
      requireNonNull(seed, "seed is null");
      requireNonNull(dtype, "dtype is null");
    }

    @Override
    public List<ModelReference> models() {
      return List.of();
    }

    @Override
    public void accept(Visitor visitor) {
      visitor.fresh(this);
    }
  }

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
  record Arrangement(
      boolean isTransposed,
      Optional<Kept> kept,
      List<Part> joined,
      boolean isStacked,
      Sizes sizes,
      Groups groups,
      int axis) {
    /** Tensors as they are. */
    public static final Arrangement NONE =
        new Arrangement(
            false, Optional.empty(), List.of(), false, Sizes.EQUAL, Groups.ONE, 0);

    public Arrangement {
      requireNonNull(kept, "kept is null");
      requireNonNull(sizes, "sizes is null");
      requireNonNull(groups, "groups is null");
      joined = List.copyOf(joined);
      if (axis < 0) {
        throw new IllegalArgumentException("axis is %s".formatted(axis));
      }
    }
  }

  /** Places {@code [begin, end)} along an axis. */
  record Kept(long begin, long end) {
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
  record Part(Optional<ModelReference> from, String name) {
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
  record Sizes(List<Long> lengths, boolean areOfHeads) {
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
  record Groups(Kind kind, long count) {
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
