package dev.stockpot.merge.extract;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.adapter.AdapterTargets;
import dev.stockpot.merge.model.Made;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.Blockwise;
import dev.stockpot.merge.plan.Copy;
import dev.stockpot.merge.plan.FewWorks;
import dev.stockpot.merge.plan.Generate;
import dev.stockpot.merge.plan.PlannedTensor;
import dev.stockpot.merge.plan.TensorWork;
import java.util.List;
import java.util.Optional;

/**
 * A tensor of a merge beside that of the base.
 *
 * @param planned how the merge would make it
 * @param changed what that is, not rounded
 */
record TensorChange(
    AdapterTargets.Kind kind, TensorSource base, TensorSource changed, PlannedTensor planned) {

  /** What a merge makes of a tensor, on the way; empty if only its own work can make it. */
  static Optional<TensorSource> source(PlannedTensor planned) {
    return planned.work().accept(new Sources(planned));
  }

  /** What the merge makes the tensor of, where it is a merge of tensors. */
  List<TensorSource> models() {
    return planned.work().accept(new Models());
  }

  /** Whether the merge makes it of nothing but the base's. */
  boolean isUntouched() {
    List<TensorSource> models = models();
    List<Object> own = base.identity();
    return !models.isEmpty() && models.stream().allMatch(model -> model.identity().equals(own));
  }

  String tensor() {
    return planned.output().name();
  }

  DType dtype() {
    return planned.output().dtype();
  }

  /** The tensor as it is in the base. */
  TensorChange left() {
    OutputTensor own = new OutputTensor(tensor(), base.dtype(), base.shape());
    return new TensorChange(
        kind,
        base,
        base,
        new PlannedTensor(own, new Copy(own, base), planned.merge(), planned.models()));
  }

  /** The tensor as the merge makes it, under another name. */
  PlannedTensor whole(String name) {
    OutputTensor output = new OutputTensor(name, dtype(), planned.output().shape());
    TensorWork work = planned.work().accept(new Renaming(output));
    return new PlannedTensor(output, work, planned.merge(), planned.models());
  }

  private record Sources(PlannedTensor planned) implements FewWorks<Optional<TensorSource>> {
    @Override
    public Optional<TensorSource> copy(Copy work) {
      return Optional.of(BakedSources.unrounded(work.input()));
    }

    @Override
    public Optional<TensorSource> blockwise(Blockwise work) {
      return work.sides().equals(Blockwise.Sides.NONE)
          ? Optional.of(
              new Made(
                  work.name(),
                  DType.F32,
                  work.shape(),
                  work.models().stream().map(BakedSources::unrounded).toList(),
                  work.program(),
                  Rounding.NEAREST,
                  "%s %s".formatted(planned.merge().values(), planned.models())))
          : Optional.empty();
    }

    @Override
    public Optional<TensorSource> other(TensorWork work) {
      return Optional.empty();
    }
  }

  private static final class Models implements FewWorks<List<TensorSource>> {
    @Override
    public List<TensorSource> copy(Copy work) {
      return List.of(work.input());
    }

    @Override
    public List<TensorSource> blockwise(Blockwise work) {
      return work.models();
    }

    @Override
    public List<TensorSource> other(TensorWork work) {
      return List.of();
    }
  }

  private record Renaming(OutputTensor output) implements FewWorks<TensorWork> {
    @Override
    public TensorWork copy(Copy work) {
      return new Copy(output, work.input());
    }

    @Override
    public TensorWork blockwise(Blockwise work) {
      return new Blockwise(
          output, work.models(), work.program(), work.rounding(), work.origin(), work.sides());
    }

    @Override
    public TensorWork generate(Generate work) {
      return new Generate(output, work.numbers(), work.rounding());
    }

    @Override
    public TensorWork other(TensorWork work) {
      return work;
    }
  }
}
