package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import java.util.List;
import java.util.Optional;

/**
 * A tensor made of whole tensors, which may have other shapes. One task holds all of them at once,
 * as float32.
 *
 * @param sources in the order that the program expects
 */
public record Whole(
    OutputTensor output, List<TensorSource> sources, MatrixProgram program, Rounding rounding)
    implements TensorWork {
  /** What one buffer can hold as float32. */
  private static final long MOST_ELEMENTS = Integer.MAX_VALUE / Float.BYTES;

  public Whole {
    requireNonNull(output, "output is null");
    requireNonNull(program, "program is null");
    requireNonNull(rounding, "rounding is null");
    sources = List.copyOf(sources);
  }

  @Override
  public String name() {
    return output.name();
  }

  @Override
  public Shape shape() {
    return output.shape();
  }

  @Override
  public List<OutputTensor> outputs() {
    return List.of(output);
  }

  @Override
  public List<Input> inputs() {
    return sources.stream().map(source -> new Input(source, Input.Reach.WHOLE)).toList();
  }

  @Override
  public int bits() {
    return output.dtype().bits();
  }

  @Override
  public List<ElementSpan> cut(long partBytes, long taskBytes) {
    return List.of(all());
  }

  @Override
  public boolean isOneSlice(long taskBytes, int merges) {
    return true;
  }

  /** Memory of all inputs and the output, as they are stored and as float32. */
  public long memory() {
    long bytes = outputBytes(all()) + floatBytes(shape());
    for (TensorSource source : sources) {
      bytes += source.footprint(ElementSpan.all(source.shape())).memory();
      bytes += source.dtype() == DType.F32 ? 0 : floatBytes(source.shape());
    }
    return bytes;
  }

  private static long floatBytes(Shape shape) {
    return Footprint.pages(shape.elements() * Float.BYTES);
  }

  @Override
  public Optional<String> problem(long taskBytes) {
    for (Input input : inputs()) {
      Shape whole = input.source().shape();
      if (whole.elements() > MOST_ELEMENTS || shape().elements() > MOST_ELEMENTS) {
        return Optional.of(
            "whole tensors of %s and %s elements are too large; the largest have %s"
                .formatted(whole.elements(), shape().elements(), MOST_ELEMENTS));
      }
    }
    return memory() <= taskBytes
        ? Optional.empty()
        : Optional.of(
            "whole tensors take %s bytes, more than a task's %s; raise task-memory"
                .formatted(memory(), taskBytes));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.whole(this);
  }
}
