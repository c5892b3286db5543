package dev.stockpot.merge.compose;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Tensors that are one behind the other in another: fused projections. Parts may take turns along
 * the axis:
 *
 * <pre>
 * 1 group              q q q q k k v v
 * a group a head       q k v q k v q k v           (GPT-NeoX, BLOOM)
 * a group a key head   q q k v q q k v             (InternLM2, Falcon)
 * a group a row        gate up gate up gate up     (gpt-oss)
 * </pre>
 */
final class Fusing {
  private Fusing() {}

  /**
   * What a tensor is made of.
   *
   * @param lengths of the parts along the axis, all of it together
   * @param groups how often they take turns
   * @throws IllegalArgumentException if that does not fit the tensor
   */
  static List<TensorSource> split(TensorSource fused, int axis, List<Long> lengths, long groups) {
    long length = length(fused, axis);
    long sum = lengths.stream().mapToLong(Long::longValue).sum();
    if (sum != length) {
      throw new IllegalArgumentException(
          "parts of %s have %s along axis %s of %s".formatted(lengths, sum, axis, fused.shape()));
    }
    lengths.forEach(part -> requireGroups(part, groups, axis, fused.shape()));
    TensorSource turns = groups == 1 ? fused : reshaped(fused, axis, groups);
    List<TensorSource> parts = new ArrayList<>();
    long begin = 0;
    for (long part : lengths) {
      long end = begin + part / groups;
      parts.add(
          groups == 1
              ? turns.section(axis, begin, end)
              : turns
                  .section(axis + 1, begin, end)
                  .reshaped(with(fused.shape(), axis, List.of(part))));
      begin = end;
    }
    return parts;
  }

  /**
   * Tensors fused.
   *
   * @param groups how often they take turns
   * @throws IllegalArgumentException if they do not fit each other
   */
  static TensorSource join(List<TensorSource> parts, int axis, long groups) {
    if (groups == 1) {
      length(parts.get(0), axis);
      return TensorSource.joined(parts, axis);
    }
    List<TensorSource> turns = new ArrayList<>();
    long length = 0;
    for (TensorSource part : parts) {
      requireGroups(length(part, axis), groups, axis, part.shape());
      turns.add(reshaped(part, axis, groups));
      length += length(part, axis);
    }
    return TensorSource.joined(turns, axis + 1)
        .reshaped(with(parts.get(0).shape(), axis, List.of(length)));
  }

  /** Tensors of one shape along a new first axis. */
  static TensorSource stack(List<TensorSource> parts) {
    List<TensorSource> layers = new ArrayList<>();
    for (TensorSource part : parts) {
      List<Long> dimensions = new ArrayList<>(List.of(1L));
      dimensions.addAll(part.shape().dimensions());
      layers.add(part.reshaped(new Shape(dimensions)));
    }
    return TensorSource.joined(layers, 0);
  }

  /**
   * How long a tensor is along an axis.
   *
   * @throws IllegalArgumentException if it has no such axis
   */
  static long length(TensorSource source, int axis) {
    List<Long> dimensions = source.shape().dimensions();
    if (axis >= dimensions.size()) {
      throw new IllegalArgumentException("%s has no axis %s".formatted(source.shape(), axis));
    }
    return dimensions.get(axis);
  }

  private static void requireGroups(long length, long groups, int axis, Shape shape) {
    if (length % groups != 0) {
      throw new IllegalArgumentException(
          "%s along axis %s of %s do not make %s groups".formatted(length, axis, shape, groups));
    }
  }

  private static TensorSource reshaped(TensorSource source, int axis, long groups) {
    long length = length(source, axis);
    return source.reshaped(with(source.shape(), axis, List.of(groups, length / groups)));
  }

  private static Shape with(Shape shape, int axis, List<Long> instead) {
    List<Long> dimensions = new ArrayList<>(shape.dimensions());
    dimensions.remove(axis);
    dimensions.addAll(axis, instead);
    return new Shape(dimensions);
  }
}
