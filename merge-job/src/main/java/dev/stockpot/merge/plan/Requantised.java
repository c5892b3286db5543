package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Dequantised;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import java.util.List;
import java.util.Optional;

/**
 * Numbers as FP8 codes with a scale for each block, as their base has them. A block keeps the
 * base's scale where its largest number fits it, and so do codes that nothing changed. The codes
 * lie in front of the scales, in one file; one task holds all of both.
 *
 * @param merged in float32
 * @param base what it is to be stored like
 * @param powersOfTwo whether new scales are powers of two
 */
public record Requantised(
    OutputTensor codes,
    OutputTensor scales,
    TensorSource merged,
    Dequantised base,
    boolean powersOfTwo)
    implements Undivided {
  public Requantised {
    requireNonNull(merged, "merged is null");
    boolean fit =
        codes.dtype() == DType.F8_E4M3
            && codes.shape().equals(merged.shape())
            && codes.shape().equals(base.shape())
            && merged.dtype() == DType.F32
            && scales.dtype() == base.scales().dtype()
            && scales.shape().equals(base.scales().shape());
    if (!fit) {
      throw new IllegalArgumentException(
          "%s and %s are not stored like %s".formatted(codes, scales, base.shape()));
    }
  }

  @Override
  public String name() {
    return codes.name();
  }

  /** The bytes of both, one behind the other. */
  @Override
  public Shape shape() {
    return Shape.of(codes.byteCount() + scales.byteCount());
  }

  @Override
  public List<OutputTensor> outputs() {
    return List.of(codes, scales);
  }

  @Override
  public boolean liesTogether() {
    return true;
  }

  @Override
  public List<TensorSource> sources() {
    return List.of(merged, base, base.scales());
  }

  @Override
  public int bits() {
    return codes.dtype().bits();
  }

  @Override
  public long outputBytes(ElementSpan span) {
    return Footprint.pages(codes.byteCount()) + Footprint.pages(scales.byteCount());
  }

  @Override
  public boolean streams() {
    return false;
  }

  @Override
  public Optional<String> problem(long taskBytes) {
    long elements = codes.shape().elements();
    long memory = 2 * outputBytes(all()) + footprint(all()).memory();
    if (elements > Integer.MAX_VALUE / Float.BYTES) {
      return Optional.of(
          "a tensor of %s elements is too large to be written as FP8; the largest have %s. Write bfloat16"
              .formatted(elements, Integer.MAX_VALUE / Float.BYTES));
    }
    return memory <= taskBytes
        ? Optional.empty()
        : Optional.of(
            "to be written as FP8 it is held whole, which takes %s bytes, more than a task's %s; raise task-memory"
                .formatted(memory, taskBytes));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.requantised(this);
  }
}
