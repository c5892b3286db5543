package dev.stockpot.merge.align;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import java.util.Map;
import java.util.Optional;

/** Tensors of two models that cannot be compared. */
record UnlikeTensors(Model model, Model to) {

  /** What is wrong with the first of them; empty if all can be compared. */
  Optional<String> first(ModelUnits units) {
    for (Map.Entry<String, ModelUnits.Tensor> tensor : units.tensors().entrySet()) {
      if (tensor.getValue().isCompared() && !tensor.getValue().isFixed()) {
        Optional<String> why = of(tensor.getKey());
        if (why.isPresent()) {
          return why;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> of(String tensor) {
    TensorSource ours = model.tensors().get(tensor);
    TensorSource theirs = to.tensors().get(tensor);
    if (theirs == null) {
      return Optional.of("the other has no tensor %s".formatted(tensor));
    }
    if (!ours.shape().equals(theirs.shape())) {
      return Optional.of(
          "%s has the shape %s, and the other's %s"
              .formatted(tensor, ours.shape(), theirs.shape()));
    }
    if (!ours.dtype().isReadable() || !theirs.dtype().isReadable()) {
      return Optional.of(
          "%s is %s and %s, and only numbers can be compared"
              .formatted(tensor, ours.dtype(), theirs.dtype()));
    }
    return Optional.empty();
  }
}
