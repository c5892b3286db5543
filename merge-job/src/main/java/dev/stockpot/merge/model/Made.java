package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Rounding;
import java.util.List;
import java.util.Optional;

/**
 * What an earlier work makes and nobody stores. It is rounded to its type as if it had been
 * written. Where its program looks at all of the tensor first, all of it is made at once.
 *
 * @param tensor its name
 * @param inputs of its shape, in the order that the program expects
 * @param program that merges them; it may look at all of the tensor first, but at no other
 * @param terms what the program was made of: method and parameters, for people and for comparison
 */
public record Made(
    String tensor,
    DType dtype,
    Shape shape,
    List<TensorSource> inputs,
    MergeProgram program,
    Rounding rounding,
    String terms)
    implements TensorSource {
  public Made {
    requireNonNull(tensor, "tensor is null");
    requireNonNull(program, "program is null");
    requireNonNull(rounding, "rounding is null");
    requireNonNull(terms, "terms is null");
    inputs = List.copyOf(inputs);
    if (!dtype.isWritable()) {
      throw new IllegalArgumentException("%s cannot be made as %s".formatted(tensor, dtype));
    }
    for (TensorSource input : inputs) {
      if (!input.shape().equals(shape) || !input.dtype().isReadable()) {
        throw new IllegalArgumentException(
            "%s %s is made from %s %s".formatted(tensor, shape, input.dtype(), input.shape()));
      }
    }
  }

  @Override
  public List<TensorSource> parts() {
    return inputs;
  }

  /** Its program must see other tensors, too, or one of its inputs has an obstacle. */
  @Override
  public Optional<String> obstacle() {
    if (program.scan().isPresent() && program.scanScope().isShared()) {
      return Optional.of(
          "the stage that makes %s looks at other tensors before it merges this one, so it cannot be made on the way; write that stage first"
              .formatted(tensor));
    }
    return TensorSource.super.obstacle();
  }

  /** Whether its program looks at all of the tensor, or at whole rows: then all of it is made. */
  private boolean isMadeAtOnce() {
    return program.scan().isPresent() || program.rowElements() > 0;
  }

  @Override
  public boolean isWhole() {
    return isMadeAtOnce() || TensorSource.super.isWhole();
  }

  /** What of its inputs some elements are made of. */
  public ElementSpan madeOf(ElementSpan span) {
    return isMadeAtOnce() && span.count() > 0 ? ElementSpan.all(shape) : span;
  }

  @Override
  public Footprint footprint(ElementSpan span) {
    ElementSpan needed = madeOf(span);
    long memory = Footprint.pages(span.bytes(dtype).length());
    if (!needed.equals(span)) { // all is made, and some of it taken
      memory += Footprint.pages(needed.bytes(dtype).length());
    }
    Footprint sum = new Footprint(List.of(), memory);
    for (TensorSource input : inputs) {
      sum = sum.plus(input.footprint(needed));
    }
    return sum;
  }

  @Override
  public boolean streams() {
    return !isMadeAtOnce() && TensorSource.super.streams();
  }

  @Override
  public ElementPlace place(long element) {
    return new ElementPlace("what an earlier stage makes", tensor, element);
  }

  @Override
  public List<Object> identity() {
    return TensorSource.identity(List.of("made", tensor, dtype, shape, terms), parts());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.made(this);
  }
}
