package dev.stockpot.merge.align;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Initialisation;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.Addition;
import dev.stockpot.merge.model.Initialised;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The mean of several models, which nobody stores: what another one is matched to. */
public final class MeanModel {
  private MeanModel() {}

  /**
   * The mean, tensor by tensor; what holds no numbers is the first model's.
   *
   * @param models of one kind
   * @throws UserException if one lacks a tensor of the first, or has it in another shape
   */
  public static Model of(List<Model> models) {
    Map<String, TensorSource> tensors = new LinkedHashMap<>();
    models
        .get(0)
        .tensors()
        .forEach(
            (name, first) ->
                tensors.put(
                    name,
                    models.size() > 1 && first.dtype().isReadable()
                        ? mean(name, first, models)
                        : first));
    return models.get(0).with(tensors);
  }

  private static TensorSource mean(String name, TensorSource first, List<Model> models) {
    TensorSource sum =
        new Initialised(
            name,
            first.shape(),
            first.storedType().isWritable() ? first.storedType() : DType.F32,
            Initialisation.all(0),
            0);
    for (Model model : models) {
      TensorSource one = model.tensors().get(name);
      if (one == null || !one.shape().equals(first.shape()) || !one.dtype().isReadable()) {
        throw new UserException(
            "%s of %s is %s, and %s of %s is %s; only models of one kind have a mean"
                .formatted(
                    name,
                    model.folder(),
                    one == null ? "not there" : one.dtype() + " " + one.shape(),
                    name,
                    models.get(0).folder(),
                    first.shape()));
      }
      sum = sum.changed(new Addition(one, 1f / models.size()));
    }
    return sum;
  }
}
