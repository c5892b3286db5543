package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Codes with the scales of the blocks that they lie in, as float32: {@code value[r, c] = code[r, c]
 * · scale[r / rows, c / columns]}. Each step is rounded once; nothing goes through a narrower type.
 * Steps nest: codes less their zero points, times scales that are themselves over one for all.
 *
 * @param codes of a type that has values of its own, such as FP8, or {@link Unpacked}
 * @param scales one for each block, in row-major order, whatever their shape
 * @param block how many elements it has along each axis; the last one of an axis may be cut short
 * @param step what a code and its scale are to each other
 */
public record Dequantised(TensorSource codes, TensorSource scales, List<Long> block, Step step)
    implements TensorSource {

  /** What becomes of a code and what belongs to its block. */
  public enum Step {
    TIMES {
      @Override
      public float of(float code, float scale) {
        return code * scale;
      }
    },
    OVER {
      @Override
      public float of(float code, float scale) {
        return code / scale;
      }
    },
    MINUS {
      @Override
      public float of(float code, float scale) {
        return code - scale;
      }
    };

    public abstract float of(float code, float scale);
  }

  /**
   * Neighbours in a row that share a scale.
   *
   * @param first counted from the beginning of the span
   * @param scale counted from the first that the span needs
   */
  public record Run(long first, int count, int scale) {}

  /** Codes times their scales. */
  public Dequantised(TensorSource codes, TensorSource scales, List<Long> block) {
    this(codes, scales, block, Step.TIMES);
  }

  public Dequantised {
    requireNonNull(step, "step is null");
    requireNonNull(codes, "codes are null");
    requireNonNull(scales, "scales are null");
    block = List.copyOf(block);
    if (!codes.dtype().isReadable() || !scales.dtype().isReadable()) {
      throw new IllegalArgumentException(
          "%s codes with %s scales are no numbers".formatted(codes.dtype(), scales.dtype()));
    }
    List<Long> axes = codes.shape().dimensions();
    if (axes.isEmpty() || block.size() != axes.size() || block.stream().anyMatch(b -> b < 1)) {
      throw new IllegalArgumentException(
          "blocks of %s do not cut %s".formatted(block, codes.shape()));
    }
    long blocks = 1;
    for (int axis = 0; axis < axes.size(); axis++) {
      blocks *= blocks(axes.get(axis), block.get(axis));
    }
    if (scales.shape().elements() != blocks) {
      throw new IllegalArgumentException(
          "%s has %s blocks of %s, and %s scales"
              .formatted(codes.shape(), blocks, block, scales.shape().elements()));
    }
  }

  private static long blocks(long length, long block) {
    return (length + block - 1) / block;
  }

  @Override
  public DType dtype() {
    return DType.F32;
  }

  /**
   * What such weights are merged into where nobody asks for a type: as wide as they were trained.
   */
  @Override
  public DType storedType() {
    return DType.BF16;
  }

  @Override
  public Shape shape() {
    return codes.shape();
  }

  private int lastAxis() {
    return block.size() - 1;
  }

  private long columns() {
    return codes.shape().dimensions().get(lastAxis());
  }

  private long scalesInRow() {
    return blocks(columns(), block.get(lastAxis()));
  }

  /** Place of the first scale of a row, rows being counted over all axes but the last. */
  private long firstScale(long row) {
    long place = 0;
    long each = 1;
    long rest = row;
    for (int axis = lastAxis() - 1; axis >= 0; axis--) {
      long length = codes.shape().dimensions().get(axis);
      place += rest % length / block.get(axis) * each;
      each *= blocks(length, block.get(axis));
      rest /= length;
    }
    return place * scalesInRow();
  }

  /** The scales that some elements need, those between them included. */
  public ElementSpan scalesOf(ElementSpan span) {
    long begin = firstScale(span.first() / columns());
    long end = firstScale((span.end() - 1) / columns()) + scalesInRow();
    return new ElementSpan(begin, end - begin);
  }

  /** Some elements, cut where another scale begins. */
  public void eachRun(ElementSpan span, Consumer<Run> each) {
    long firstScale = scalesOf(span).first();
    long width = block.get(lastAxis());
    for (long element = span.first(); element < span.end(); ) {
      long column = element % columns();
      long end = Math.min(columns(), (column / width + 1) * width);
      long count = Math.min(end - column, span.end() - element);
      long scale = firstScale(element / columns()) + column / width - firstScale;
      each.accept(new Run(element - span.first(), Math.toIntExact(count), Math.toIntExact(scale)));
      element += count;
    }
  }

  /** Whether the codes are float32 that somebody makes: they are made where the values go. */
  public boolean isInPlace() {
    return codes.dtype() == dtype() && !codes.parts().isEmpty();
  }

  @Override
  public Optional<Dequantised> coded() {
    boolean isFloat8 = step == Step.TIMES && codes.dtype() == DType.F8_E4M3;
    boolean hasScales = scales.dtype() == DType.F32 || scales.dtype() == DType.BF16;
    boolean isStored = codes.parts().isEmpty() && scales.parts().isEmpty();
    return isFloat8 && hasScales && isStored && isNamedAfterCodes()
        ? Optional.of(this)
        : Optional.empty();
  }

  private boolean isNamedAfterCodes() {
    return scales.shape().elements() > 0
        && codes.shape().elements() > 0
        && scales.place(0).tensor().startsWith(codes.place(0).tensor());
  }

  @Override
  public List<TensorSource> parts() {
    return List.of(codes, scales);
  }

  @Override
  public Footprint footprint(ElementSpan span) {
    Footprint both = codes.footprint(span).plus(scales.footprint(scalesOf(span)));
    long values = Footprint.pages(span.bytes(dtype()).length());
    return isInPlace() ? both : both.plus(new Footprint(List.of(), values));
  }

  @Override
  public ElementPlace place(long element) {
    return codes.place(element);
  }

  @Override
  public List<Object> identity() {
    return TensorSource.identity(
        step == Step.TIMES ? List.of("dequantised", block) : List.of("dequantised", block, step),
        parts());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.dequantised(this);
  }
}
