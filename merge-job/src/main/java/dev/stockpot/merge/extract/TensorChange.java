package dev.stockpot.merge.extract;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.adapter.AdapterTargets;
import dev.stockpot.merge.model.Made;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.Blockwise;
import dev.stockpot.merge.plan.Copy;
import dev.stockpot.merge.plan.Factors;
import dev.stockpot.merge.plan.Generate;
import dev.stockpot.merge.plan.Look;
import dev.stockpot.merge.plan.PlannedTensor;
import dev.stockpot.merge.plan.Requantised;
import dev.stockpot.merge.plan.Revised;
import dev.stockpot.merge.plan.TensorWork;
import dev.stockpot.merge.plan.Whole;
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

  /** The tensor as the merge makes it, under another name. */
  PlannedTensor whole(String name) {
    OutputTensor output = new OutputTensor(name, dtype(), planned.output().shape());
    TensorWork work = planned.work().accept(new Renaming(output));
    return new PlannedTensor(output, work, planned.merge(), planned.models());
  }

  private record Sources(PlannedTensor planned)
      implements TensorWork.Visitor<Optional<TensorSource>> {
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
    public Optional<TensorSource> look(Look work) {
      return Optional.empty();
    }

    @Override
    public Optional<TensorSource> whole(Whole work) {
      return Optional.empty();
    }

    @Override
    public Optional<TensorSource> revised(Revised work) {
      return Optional.empty();
    }

    @Override
    public Optional<TensorSource> generate(Generate work) {
      return Optional.empty();
    }

    @Override
    public Optional<TensorSource> factors(Factors work) {
      return Optional.empty();
    }

    @Override
    public Optional<TensorSource> requantised(Requantised work) {
      return Optional.empty();
    }
  }

  private static final class Models implements TensorWork.Visitor<List<TensorSource>> {
    @Override
    public List<TensorSource> copy(Copy work) {
      return List.of(work.input());
    }

    @Override
    public List<TensorSource> blockwise(Blockwise work) {
      return work.models();
    }

    @Override
    public List<TensorSource> look(Look work) {
      return List.of();
    }

    @Override
    public List<TensorSource> whole(Whole work) {
      return List.of();
    }

    @Override
    public List<TensorSource> revised(Revised work) {
      return List.of();
    }

    @Override
    public List<TensorSource> generate(Generate work) {
      return List.of();
    }

    @Override
    public List<TensorSource> factors(Factors work) {
      return List.of();
    }

    @Override
    public List<TensorSource> requantised(Requantised work) {
      return List.of();
    }
  }

  private record Renaming(OutputTensor output) implements TensorWork.Visitor<TensorWork> {
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
    public TensorWork look(Look work) {
      return work;
    }

    @Override
    public TensorWork whole(Whole work) {
      return work;
    }

    @Override
    public TensorWork revised(Revised work) {
      return work;
    }

    @Override
    public TensorWork generate(Generate work) {
      return new Generate(output, work.numbers(), work.rounding());
    }

    @Override
    public TensorWork factors(Factors work) {
      return work;
    }

    @Override
    public TensorWork requantised(Requantised work) {
      return work;
    }
  }
}
