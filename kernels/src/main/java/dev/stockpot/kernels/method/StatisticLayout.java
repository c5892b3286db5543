package dev.stockpot.kernels.method;

import dev.stockpot.kernels.matrix.UpperTriangle;
import dev.stockpot.kernels.number.Shape;
import java.util.List;
import java.util.Optional;

/** How a checkpoint of statistics calls and shapes what belongs to a tensor of a model. */
public enum StatisticLayout {
  /** A number for each element, under the tensor's name; or as Adam's second moments are called. */
  ELEMENTS {
    @Override
    public List<Form> forms(String tensor, String module, Shape shape, boolean isTransposed) {
      return List.of(new Form(tensor, shape), new Form(tensor + ".exp_avg_sq", shape));
    }
  },
  /**
   * {@code Xᵀ X} of the inputs of a matrix, whole, or the rows of its upper triangle one after the
   * other.
   */
  GRAM {
    @Override
    public List<Form> forms(String tensor, String module, Shape shape, boolean isTransposed) {
      if (shape.dimensions().size() != 2) {
        return List.of();
      }
      long inputs = inputs(shape, isTransposed);
      return List.of(
          new Form(module + ".gram", Shape.of(inputs, inputs)),
          new Form(module + ".gram_upper", Shape.of(UpperTriangle.elements(inputs))));
    }
  },
  /** Its diagonal: the sum of squares of each input of a matrix, or of each factor of a norm. */
  GRAM_DIAGONAL {
    @Override
    public List<Form> forms(String tensor, String module, Shape shape, boolean isTransposed) {
      return shape.dimensions().isEmpty() || shape.dimensions().size() > 2
          ? List.of()
          : List.of(new Form(module + ".gram_diag", Shape.of(inputs(shape, isTransposed))));
    }
  };

  private static final String WEIGHT = ".weight";

  /** A name that a statistic may have, and the shape that it has under that name. */
  public record Form(String name, Shape shape) {}

  /**
   * What a statistic of a tensor may be, in the order in which it is looked for.
   *
   * @param module {@link #moduleOf} the tensor, or one with the same inputs
   * @param isTransposed whether matrices are stored as inputs x outputs
   */
  public abstract List<Form> forms(String tensor, String module, Shape shape, boolean isTransposed);

  /** Whether every tensor of the models needs one. */
  public boolean isOfEveryTensor() {
    return this == ELEMENTS;
  }

  /** The module that a tensor is the weight of; empty if it is something else, such as a bias. */
  public static Optional<String> moduleOf(String tensor) {
    return tensor.endsWith(WEIGHT)
        ? Optional.of(tensor.substring(0, tensor.length() - WEIGHT.length()))
        : Optional.empty();
  }

  /** Inputs of a matrix, or elements of a vector. */
  private static long inputs(Shape shape, boolean isTransposed) {
    return isTransposed && shape.dimensions().size() > 1
        ? shape.dimensions().get(0)
        : shape.rowElements();
  }
}
