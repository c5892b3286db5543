package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.matrix.Matrix;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.recipe.RankRule;
import java.util.List;
import java.util.Optional;

/**
 * Two thin matrices whose product is the change of a matrix as nearly as one of that rank can be:
 * {@code b a ≈ changed − base}, by its largest singular values. They lie one behind the other in
 * one file, {@code a} first. One task holds all of it, in float64.
 *
 * @param module that both are of, which is its name
 * @param a of {@code rank} rows
 * @param b of {@code rank} columns
 * @param base matrix
 * @param changed of the same shape
 * @param isTurned whether the product is the transpose of the change
 * @param rule by which the rank is found; it need not have been yet
 * @see <a href="https://arxiv.org/abs/2106.09685">LoRA: Low-Rank Adaptation of Large Language
 *     Models</a>
 */
public record Factors(
    String module,
    OutputTensor a,
    OutputTensor b,
    TensorSource base,
    TensorSource changed,
    boolean isTurned,
    RankRule rule)
    implements TensorWork {
  /** Matrices as large as the change that are there at once: itself, and one in work. */
  private static final long AT_ONCE = 2;

  /** What one buffer can hold as float64. */
  private static final long MOST_ELEMENTS = Integer.MAX_VALUE / Double.BYTES;

  /** Where all singular values are taken. */
  private static final long AT_ONCE_OF_ALL = 8;

  /** How often range finding goes through a matrix and back, as a rule. */
  private static final int ROUNDS = 5;

  /** What range finding takes beside the wanted columns, in units of these. */
  private static final long THIN_AT_ONCE = 6;

  public Factors {
    requireNonNull(module, "module is null");
    requireNonNull(rule, "rule is null");
    boolean isMatrix = base.shape().dimensions().size() == 2;
    if (!isMatrix || !base.shape().equals(changed.shape())) {
      throw new IllegalArgumentException(
          "%s changes from %s to %s".formatted(module, base.shape(), changed.shape()));
    }
    long rows = base.shape().dimensions().get(isTurned ? 1 : 0);
    long columns = base.shape().dimensions().get(isTurned ? 0 : 1);
    long rank = a.shape().dimensions().get(0);
    boolean fit =
        a.shape().equals(Shape.of(rank, columns))
            && b.shape().equals(Shape.of(rows, rank))
            && a.dtype() == b.dtype()
            && rank >= 1
            && rank <= Math.min(rows, columns);
    if (!fit) {
      throw new IllegalArgumentException(
          "%s %s is no product of %s and %s".formatted(module, base.shape(), b, a));
    }
  }

  /** The same of another rank. */
  public Factors of(int rank) {
    return new Factors(
        module,
        new OutputTensor(a.name(), a.dtype(), Shape.of(rank, a.shape().dimensions().get(1))),
        new OutputTensor(b.name(), b.dtype(), Shape.of(b.shape().dimensions().get(0), rank)),
        base,
        changed,
        isTurned,
        rule);
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
  public List<Input> inputs() {
    return List.of(new Input(base, Input.Reach.WHOLE), new Input(changed, Input.Reach.WHOLE));
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
  public List<ElementSpan> cut(long partBytes, long taskBytes) {
    return List.of(all());
  }

  @Override
  public boolean isOneSlice(long taskBytes, int merges) {
    return true;
  }

  @Override
  public boolean isHeavy() {
    return true;
  }

  @Override
  public long workingBytes() {
    long rows = base.shape().dimensions().get(0);
    long columns = base.shape().dimensions().get(1);
    long rank = rank();
    // as many columns as range finding works with, beyond which it takes all values
    long width = rank + Math.max(16, rank / 2);
    boolean takesAll = 3 * width > Math.min(rows, columns);
    long thin = Matrix.bytes(rows + columns, width) * THIN_AT_ONCE + Matrix.bytes(width, width) * 8;
    long matrices =
        takesAll
            ? Matrix.bytes(rows, columns) * AT_ONCE_OF_ALL
            : Matrix.bytes(rows, columns) * AT_ONCE + thin;
    return matrices + 4 * Matrix.bytes(rows + columns, rank);
  }

  /** Range finding goes through the matrix some times; all values take many more. */
  @Override
  public double operations() {
    double elements = base.shape().elements();
    double least = Math.min(base.shape().dimensions().get(0), base.shape().dimensions().get(1));
    double width = rank() + Math.max(16, rank() / 2);
    return 3 * width > least ? 20 * elements * least : 2 * ROUNDS * 2 * elements * width;
  }

  /** Bytes of all that a task holds: inputs as they are, matrices in float64, both results. */
  public long memory() {
    return workingBytes() + 2 * outputBytes(all()) + footprint(all()).memory();
  }

  @Override
  public Optional<String> problem(long taskBytes) {
    if (base.shape().elements() > MOST_ELEMENTS) {
      return Optional.of(
          "a matrix of %s elements is too large to be made of low rank; the largest have %s"
              .formatted(base.shape().elements(), MOST_ELEMENTS));
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
