package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.recipe.RankRule;
import java.util.List;
import java.util.Optional;

/**
 * Two thin matrices whose product is the change of a matrix as nearly as one of that rank can be,
 * by its largest singular values. They lie one behind the other in one file, {@code a} first. One
 * task holds all of it, in float64.
 *
 * @param module that both are of, which is its name
 * @param a of {@code rank} rows
 * @param b of {@code rank} columns
 * @param delta the change
 * @param isTurned whether the product is the transpose of the change
 * @param rule by which the rank is found; it need not have been yet
 * @see <a href="https://arxiv.org/abs/2106.09685">LoRA: Low-Rank Adaptation of Large Language
 *     Models</a>
 */
public record Factors(
    String module, OutputTensor a, OutputTensor b, Delta delta, boolean isTurned, RankRule rule)
    implements Undivided {
  /** What one buffer can hold as float64. */
  private static final long MOST_ELEMENTS = Integer.MAX_VALUE / Double.BYTES;

  public Factors {
    requireNonNull(module, "module is null");
    requireNonNull(rule, "rule is null");
    requireNonNull(delta, "delta is null");
    long rows = delta.shape().dimensions().get(isTurned ? 1 : 0);
    long columns = delta.shape().dimensions().get(isTurned ? 0 : 1);
    long rank = a.shape().dimensions().get(0);
    boolean fit =
        a.shape().equals(Shape.of(rank, columns))
            && b.shape().equals(Shape.of(rows, rank))
            && a.dtype() == b.dtype()
            && rank >= 1
            && rank <= delta.mostRank();
    if (!fit) {
      throw new IllegalArgumentException(
          "%s %s is no product of %s and %s".formatted(module, delta.shape(), b, a));
    }
  }

  /** The rank that they have, or the most that they may have. */
  public int rank() {
    return Math.toIntExact(a.shape().dimensions().get(0));
  }

  @Override
  public String name() {
    return module;
  }

  /** Both, one behind the other. */
  @Override
  public Shape shape() {
    return Shape.of(a.shape().elements() + b.shape().elements());
  }

  @Override
  public List<OutputTensor> outputs() {
    return List.of(a, b);
  }

  @Override
  public boolean liesTogether() {
    return true;
  }

  @Override
  public List<TensorSource> sources() {
    return delta.sources();
  }

  @Override
  public int bits() {
    return a.dtype().bits();
  }

  @Override
  public long outputBytes(ElementSpan span) {
    return Footprint.pages(a.byteCount()) + Footprint.pages(b.byteCount());
  }

  @Override
  public boolean streams() {
    return false;
  }

  @Override
  public boolean isHeavy() {
    return true;
  }

  @Override
  public long workingBytes() {
    return FactorsCost.of(this).bytes();
  }

  @Override
  public double operations() {
    return FactorsCost.of(this).operations();
  }

  /** Bytes of all that a task holds: inputs as they are, matrices in float64, both results. */
  public long memory() {
    return workingBytes() + 2 * outputBytes(all()) + footprint(all()).memory();
  }

  @Override
  public Optional<String> problem(long taskBytes) {
    if (delta.shape().elements() > MOST_ELEMENTS) {
      return Optional.of(
          "a matrix of %s elements is too large to be made of low rank; the largest have %s"
              .formatted(delta.shape().elements(), MOST_ELEMENTS));
    }
    return memory() <= taskBytes
        ? Optional.empty()
        : Optional.of(
            "its change as a matrix takes %s bytes, more than a task's %s; raise task-memory"
                .formatted(memory(), taskBytes));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.factors(this);
  }
}
