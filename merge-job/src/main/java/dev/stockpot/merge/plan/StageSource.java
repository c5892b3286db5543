package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.Made;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.List;

/** What a tensor is made of, for those who take it. */
record StageSource(MergeMethod method, PlannedTensor tensor)
    implements TensorWork.Visitor<TensorSource> {
  @Override
  public TensorSource copy(Copy work) {
    return work.input();
  }

  @Override
  public TensorSource blockwise(Blockwise work) {
    List<TensorSource> inputs = new ArrayList<>(work.models());
    inputs.addAll(work.sides().inputs());
    return new Made(
        work.output().name(),
        work.output().dtype(),
        work.output().shape(),
        inputs,
        work.program(),
        work.rounding(),
        terms(work.rounding()));
  }

  private String terms(Rounding rounding) {
    return "%s %s %s %s"
        .formatted(
            method.name(),
            tensor.merge().values(),
            tensor.models().stream()
                .map(model -> "%s %s".formatted(model.getKey(), model.getValue().values()))
                .toList(),
            rounding);
  }

  @Override
  public TensorSource look(Look work) {
    throw new IllegalStateException("%s is looked at".formatted(work.name()));
  }

  @Override
  public TensorSource whole(Whole work) {
    throw new IllegalStateException("%s is made of whole matrices".formatted(work.name()));
  }

  @Override
  public TensorSource revised(Revised work) {
    throw new IllegalStateException("%s is revised whole".formatted(work.name()));
  }

  @Override
  public TensorSource factors(Factors work) {
    throw new IllegalStateException("%s is of low rank".formatted(work.name()));
  }

  @Override
  public TensorSource requantised(Requantised work) {
    throw new IllegalStateException("%s is written as FP8".formatted(work.name()));
  }

  @Override
  public TensorSource generate(Generate work) {
    throw new IllegalStateException("%s is made of nothing".formatted(work.name()));
  }
}
