package dev.stockpot.merge.plan;

import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.Combination;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** The change of a matrix, and what it is worked out from. */
public sealed interface Delta extends Serializable {
  /** As the matrix is stored. */
  Shape shape();

  /** What is read, all of it. */
  List<TensorSource> sources();

  /** Bytes of matrices that it takes to work it out, beside the change itself. */
  long workingBytes();

  /** The most that the change can have. */
  long mostRank();

  /** Whether its factors are those that it is made of, and no singular values are looked for. */
  default boolean keepsFactors() {
    return false;
  }

  <R> R accept(Visitor<R> visitor);

  /** What can be done with each kind. */
  interface Visitor<R> {
    R difference(Difference delta);

    R products(Products delta);
  }

  /** {@code changed − base}. */
  record Difference(TensorSource base, TensorSource changed) implements Delta {
    public Difference {
      if (!base.shape().equals(changed.shape()) || base.shape().dimensions().size() != 2) {
        throw new IllegalArgumentException(
            "a change from %s to %s".formatted(base.shape(), changed.shape()));
      }
    }

    @Override
    public Shape shape() {
      return base.shape();
    }

    @Override
    public List<TensorSource> sources() {
      return List.of(base, changed);
    }

    @Override
    public long workingBytes() {
      return 0;
    }

    @Override
    public long mostRank() {
      return Math.min(shape().dimensions().get(0), shape().dimensions().get(1));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.difference(this);
    }
  }

  /**
   * Products of thin matrices, of adapters of one base, made one change.
   *
   * @param seed of random drops
   */
  record Products(Shape shape, List<Term> terms, Combination how, long seed) implements Delta {
    /**
     * {@code scale · left · right}, of one adapter.
     *
     * @param left of as many rows as the matrix
     * @param right of as many columns
     * @param place of the adapter among all
     */
    public record Term(
        TensorSource left, TensorSource right, long rank, double scale, double weight, int place)
        implements Serializable {}

    public Products {
      terms = List.copyOf(terms);
      for (Term term : terms) {
        boolean fits =
            term.left().shape().elements() == shape.dimensions().get(0) * term.rank()
                && term.right().shape().elements() == shape.dimensions().get(1) * term.rank();
        if (!fits) {
          throw new IllegalArgumentException("%s is no product for %s".formatted(term, shape));
        }
      }
    }

    @Override
    public List<TensorSource> sources() {
      List<TensorSource> sources = new ArrayList<>();
      for (Term term : terms) {
        sources.add(term.left());
        sources.add(term.right());
      }
      return sources;
    }

    /** Rows or columns of all adapters. */
    public long ranks() {
      return terms.stream().mapToLong(Term::rank).sum();
    }

    @Override
    public long workingBytes() {
      long rows = shape.dimensions().get(0);
      long columns = shape.dimensions().get(1);
      long thin = 8 * Matrix.bytes(rows + columns, ranks());
      long small = 12 * Matrix.bytes(ranks(), Math.max(ranks(), 1));
      if (how.rule().keepsFactors()) {
        return thin + small;
      }
      long dense = Matrix.bytes(rows, columns);
      return thin
          + small
          + switch (how.space()) {
            case DENSE -> dense * (how.rule() == Combination.Rule.SUM ? 0 : terms.size());
            case CORE -> 0;
            case KNOTS -> 6 * Matrix.bytes(ranks(), terms.size() * columns);
          };
    }

    @Override
    public long mostRank() {
      long least = Math.min(shape.dimensions().get(0), shape.dimensions().get(1));
      return switch (how.rule()) {
        case CAT -> ranks();
        case FACTORS, LORAHUB -> terms.get(0).rank();
        case SUM -> Math.min(least, ranks());
        default -> how.space() == Combination.Space.DENSE ? least : Math.min(least, ranks());
      };
    }

    @Override
    public boolean keepsFactors() {
      return how.rule().keepsFactors();
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.products(this);
    }
  }
}
