package dev.stockpot.merge.statistics;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.TensorSource;
import java.io.IOException;
import java.util.List;

/** A tensor of statistics over two sets of examples: of one, where the other has none of it. */
public final class AddedTensor {
  private final String name;
  private final DType dtype;
  private final List<TensorSource> inputs;
  private final Addition addition;
  private final Addition.Counts counts;
  private final List<TensorSource> means;

  AddedTensor(
      String name,
      DType dtype,
      List<TensorSource> inputs,
      Addition addition,
      Addition.Counts counts,
      List<TensorSource> means) {
    this.name = requireNonNull(name, "name is null");
    this.dtype = requireNonNull(dtype, "dtype is null");
    this.inputs = List.copyOf(inputs);
    this.addition = requireNonNull(addition, "addition is null");
    this.counts = requireNonNull(counts, "counts is null");
    this.means = List.copyOf(means);
  }

  /** Reads numbers of a stored tensor. */
  @FunctionalInterface
  public interface Numbers {
    double[] read(TensorSource source, ElementSpan span) throws IOException;
  }

  public String name() {
    return name;
  }

  /** The type that it is stored in. */
  public DType dtype() {
    return dtype;
  }

  public Shape shape() {
    return inputs.get(0).shape();
  }

  /** Some of its elements. */
  public double[] elements(ElementSpan span, Numbers numbers) throws IOException {
    double[] sum = numbers.read(inputs.get(0), span);
    if (inputs.size() == 1) {
      return sum;
    }
    double[] more = numbers.read(inputs.get(1), span);
    double[] apart = new double[sum.length];
    if (!means.isEmpty()) {
      double[] first = numbers.read(means.get(0), span);
      apart = numbers.read(means.get(1), span);
      for (int i = 0; i < apart.length; i++) {
        apart[i] -= first[i];
      }
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] = addition.of(sum[i], more[i], counts, apart[i]);
    }
    return sum;
  }

  /**
   * The type that a sum of two is stored in: whole numbers as they are, others in 32 or 64 bits.
   */
  static DType type(DType first, DType second) {
    if (first.isInteger()) {
      return DType.I64;
    }
    return first == DType.F64 || second == DType.F64 ? DType.F64 : DType.F32;
  }
}
