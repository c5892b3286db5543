package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.method.Judgement;
import dev.stockpot.kernels.method.PostProgram;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A merge of one tensor with steps behind it, and one rounding at the end. One task holds the
 * tensor of all models, and what is made of it in float64, whatever way the merge itself goes.
 *
 * @param merge what makes the tensor, in float64
 * @param after the steps, and what they look at
 */
public record Revised(OutputTensor output, TensorWork merge, After after, Rounding rounding)
    implements Undivided, OneTensor {
  /** Of one buffer. */
  private static final int MOST_BYTES = Integer.MAX_VALUE;

  /**
   * Steps behind a merge.
   *
   * @param programs in their order
   * @param viewed of the merge's inputs, which the steps see
   * @param beside what the steps see behind these: a base model that the merge makes no use of
   */
  public record After(List<PostProgram> programs, Viewed viewed, List<TensorSource> beside)
      implements Serializable {
    public After {
      programs = List.copyOf(programs);
      beside = List.copyOf(beside);
    }
  }

  public Revised {
    requireNonNull(after, "after is null");
    requireNonNull(rounding, "rounding is null");
    OutputTensor made = merge.outputs().get(0);
    boolean fits = merge.outputs().size() == 1 && made.dtype() == DType.F64;
    if (!fits || !made.shape().equals(output.shape())) {
      throw new IllegalArgumentException("%s is revised of %s".formatted(output, merge.outputs()));
    }
  }

  @Override
  public List<TensorSource> sources() {
    List<TensorSource> sources = new ArrayList<>();
    merge.inputs().forEach(input -> sources.add(input.source()));
    sources.addAll(after.beside());
    return sources;
  }

  @Override
  public Rows rows() {
    return merge.rows();
  }

  @Override
  public Optional<WantedScan> scan() {
    return merge.scan();
  }

  @Override
  public Revised knowing(Finding finding) {
    return new Revised(output, merge.knowing(finding), after, rounding);
  }

  @Override
  public Optional<Judgement> judgement() {
    return merge.judgement();
  }

  /** Its scans, and all steps, find its inputs in memory. */
  @Override
  public boolean streams() {
    return false;
  }

  /** The type that is rounded to the output's. */
  public DType madeAs() {
    return output.dtype() == DType.F64 ? DType.F64 : DType.F32;
  }

  /** The tensor in float64, and on top of it what the merge, a step or the end takes, in turn. */
  @Override
  public long workingBytes() {
    long elements = shape().elements();
    long wide = Footprint.pages(elements * Double.BYTES);
    long rounding = wide + Footprint.pages(elements * madeAs().bytes());
    long steps = after.programs().stream().mapToLong(step -> step.demand().bytes()).max().orElse(0);
    return Math.max(merge.workingBytes(), wide + Math.max(steps, rounding));
  }

  @Override
  public double operations() {
    return merge.operations()
        + after.programs().stream().mapToDouble(step -> step.demand().operations()).sum();
  }

  /** Memory of all inputs and the output, as they are stored, and of what is made on the way. */
  public long memory() {
    return footprint(all()).memory() + outputBytes(all()) + workingBytes();
  }

  @Override
  public Optional<String> problem(long taskBytes) {
    long wide = shape().elements() * Double.BYTES;
    if (wide > MOST_BYTES) {
      return Optional.of(
          "steps of `post` hold it in float64, which takes %s bytes, more than one buffer holds: %s; leave it out with `skip`"
              .formatted(wide, MOST_BYTES));
    }
    return memory() <= taskBytes
        ? Optional.empty()
        : Optional.of(
            "steps of `post` take it whole, of all models and as matrices: %s bytes, more than a task's %s; raise task-memory"
                .formatted(memory(), taskBytes));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.revised(this);
  }
}
