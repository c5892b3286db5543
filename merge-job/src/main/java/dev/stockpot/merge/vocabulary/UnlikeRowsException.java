package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.recipe.ModelReference;

/** A model cannot have rows of another one. */
final class UnlikeRowsException extends UserException {
  private static final long serialVersionUID = 1;

  private UnlikeRowsException(String message) {
    super(message);
  }

  static UnlikeRowsException lacking(ModelReference model, ModelReference other, RowTensor tensor) {
    return new UnlikeRowsException(
        "%s lacks tokens that %s has, and takes rows for its %s from there; but %s has no such tensor. Take models of one architecture"
            .formatted(model, other, tensor.name(), other));
  }

  static UnlikeRowsException ofOtherShape(
      ModelReference model, RowTensor tensor, ModelReference other, RowTensor like) {
    return new UnlikeRowsException(
        "%s takes rows for its %s (%s %s) from %s of %s (%s %s), and they do not fit. Take models of one architecture and size, with weights that are floating-point numbers"
            .formatted(
                model,
                tensor.name(),
                tensor.source().dtype(),
                tensor.source().shape(),
                like.name(),
                other,
                like.source().dtype(),
                like.source().shape()));
  }

  @Override
  public FailureKind kind() {
    return FailureKind.MODEL;
  }
}
