package dev.stockpot.merge.model;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Rounding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an earlier work makes and nobody stores. It is rounded to its type as if it had been
 * written.
 *
 * @param tensor its name
 * @param inputs of its shape, in the order that the program expects
 * @param program that merges them, element by element
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

  /**
   * Why a span of it cannot be made on the way: its program must see more than those elements.
   * Empty if it can.
   */
  public Optional<String> obstacle() {
    if (program.scan().isPresent()) {
      return Optional.of("looks at whole tensors before it merges them");
    }
    return program.rowElements() > 0 ? Optional.of("merges whole rows") : Optional.empty();
  }

  @Override
  public Footprint footprint(ElementSpan span) {
    Footprint sum = new Footprint(List.of(), Footprint.pages(span.bytes(dtype).length()));
    for (TensorSource input : inputs) {
      sum = sum.plus(input.footprint(span));
    }
    return sum;
  }

  @Override
  public boolean streams() {
    return inputs.stream().allMatch(TensorSource::streams);
  }

  @Override
  public Place place(long element) {
    return new Place("what an earlier stage makes", tensor, element);
  }

  @Override
  public List<Object> identity() {
    List<Object> identity = new ArrayList<>(List.of("made", tensor, dtype, shape, terms));
    inputs.forEach(input -> identity.addAll(input.identity()));
    return identity;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.made(this);
  }
}
