package dev.stockpot.merge.plan;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.method.Judgement;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.statistic.Statistic;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.output.OutputTensor;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is done with the elements of some inputs, and the tensors that come of it. */
public sealed interface TensorWork extends Serializable permits OneTensor, Look, Undivided {

  /** What messages call it: the tensor that it makes, or looks at. */
  String name();

  /** The shape of what it goes through, element by element. */
  Shape shape();

  /** The tensors that it makes, of its shape, the one that it is named after first. */
  List<OutputTensor> outputs();

  /**
   * Whether its outputs lie one behind the other in one file, and are of its shape only together;
   * if not, each but the first lies in a file of its own.
   */
  default boolean liesTogether() {
    return false;
  }

  /** What its outputs but the first are called, each in its place. */
  default List<String> sideNames() {
    return List.of();
  }

  /** Whether computing takes far longer than reading, so that a part should hold little of it. */
  default boolean isHeavy() {
    return false;
  }

  /** What it reads, in order. */
  List<Input> inputs();

  /** Bits of an element where its size is counted, to cut it into slices. */
  int bits();

  /** Its rows, as far as they matter. */
  default Rows rows() {
    return Rows.NONE;
  }

  /** What must be known of its tensor, or of others too, before it is made. */
  default Optional<WantedScan> scan() {
    return Optional.empty();
  }

  /**
   * This work, knowing what its {@link #scan} found.
   *
   * @throws IllegalStateException if it wants none
   */
  default TensorWork knowing(Finding finding) {
    throw new IllegalStateException("%s wants no scan".formatted(name()));
  }

  /** What it decided about whole models, once it knows them; mostly nothing. */
  default Optional<Judgement> judgement() {
    return Optional.empty();
  }

  /** What it found, if it only looks and has looked. */
  default Optional<Statistic> found() {
    return Optional.empty();
  }

  /** Why it cannot be done with buffers of that many bytes; empty if it can. */
  Optional<String> problem(long taskBytes);

  /**
   * Why it cannot be done at all, or with buffers of that many bytes; empty if it can, or if
   * whoever plans has another way because it {@link #lacksRoom}.
   */
  default Optional<String> obstacle(long taskBytes) {
    for (Input input : inputs()) {
      Optional<String> obstacle = input.source().obstacle();
      if (obstacle.isPresent()) {
        return obstacle;
      }
    }
    return lacksRoom(taskBytes) ? Optional.empty() : problem(taskBytes);
  }

  /**
   * Whether one task is to go through all of it at once.
   *
   * @param taskBytes of the task's buffers
   * @param merges how many works on the same inputs the task does, each of which has an output
   */
  boolean isOneSlice(long taskBytes, int merges);

  /** Whether it takes what earlier stages make, whole, and one task cannot hold that. */
  default boolean lacksRoom(long taskBytes) {
    return inputs().stream().anyMatch(input -> input.source().isWhole())
        && !isOneSlice(taskBytes, 1);
  }

  /** Whether it takes its inputs' elements for numbers, so that their type must be understood. */
  default boolean readsNumbers() {
    return true;
  }

  <R> R accept(Visitor<R> visitor);

  /** What can be done with each kind. */
  interface Visitor<R> {
    R copy(Copy work);

    R blockwise(Blockwise work);

    R look(Look work);

    R whole(Whole work);

    R revised(Revised work);

    R generate(Generate work);

    R factors(Factors work);

    R requantised(Requantised work);
  }

  /** What is read for some of its elements, and the memory that takes. */
  default Footprint footprint(ElementSpan span) {
    List<Footprint> each = new ArrayList<>();
    for (Input input : inputs()) {
      each.add(input.footprint(span, shape()));
    }
    return Footprint.ofAll(each).readOnce();
  }

  /** Bytes of the outputs that some of its elements are. */
  default long outputBytes(ElementSpan span) {
    return outputs().stream()
        .mapToLong(output -> Footprint.pages(span.bytes(output.dtype()).length()))
        .sum();
  }

  /** Bytes of the task's memory that making it takes beside inputs and outputs. */
  default long workingBytes() {
    return 0;
  }

  /** Operations of floating point that it takes beyond some for each element. */
  default double operations() {
    return inputs().stream().mapToDouble(input -> input.source().operations()).sum();
  }

  /** Whether its inputs can be read a chunk at a time without reading much of them twice. */
  default boolean streams() {
    return inputs().stream().allMatch(input -> input.source().streams());
  }

  /** All its elements. */
  default ElementSpan all() {
    return ElementSpan.all(shape());
  }

  /** Slices begin at multiples of so many elements: their sums must not depend on the cut. */
  default long unitElements() {
    long packed = Byte.SIZE / Math.min(Byte.SIZE, Integer.lowestOneBit(bits()));
    return packed * Block.reductionElements(rows().elements());
  }

  /**
   * Slices of about a part, smaller ones where a task could not hold what they are made of.
   *
   * @param partBytes least bytes of a slice, but for the last
   */
  default List<ElementSpan> cut(long partBytes, long taskBytes) {
    long unit = unitElements();
    long unitBytes = unit * bits() / Byte.SIZE;
    long units = Math.max(1, (partBytes + unitBytes - 1) / unitBytes);
    while (!streams() && units > 1 && !SourceMemory.holds(this, units * unit, taskBytes)) {
      units = (units + 1) / 2;
    }
    return slicesOf(units * unit);
  }

  private List<ElementSpan> slicesOf(long step) {
    long elements = shape().elements();
    List<ElementSpan> slices = new ArrayList<>();
    for (long first = 0; first < elements || slices.isEmpty(); first += step) {
      slices.add(new ElementSpan(first, Math.min(step, elements - first)));
    }
    return slices;
  }
}
