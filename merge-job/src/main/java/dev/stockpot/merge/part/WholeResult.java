package dev.stockpot.merge.part;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.NonFiniteTally;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.UpdateTally;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.TensorWork;
import dev.stockpot.merge.plan.Viewed;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Rounds a tensor that was made whole, counts and looks at what comes of it, and writes it. */
final class WholeResult implements AutoCloseable {
  private final TensorWork work;
  private final Viewed viewed;
  private final Rounding rounding;
  private final PartTools tools;
  private final PartOutput output;
  private final OwnBuffers buffers;

  WholeResult(
      TensorWork work, Viewed viewed, Rounding rounding, PartTools tools, PartOutput output) {
    this.work = work;
    this.viewed = viewed;
    this.rounding = rounding;
    this.tools = tools;
    this.output = output;
    this.buffers = new OwnBuffers(tools);
  }

  /** An operand that lives as long as this. */
  Operand operand(DType dtype, int elements) {
    return new Operand(buffers.buffer((long) elements * dtype.bytes()), dtype, elements);
  }

  /**
   * The elements of the models, which are those of the tensor, in their order.
   *
   * @param stored all inputs
   */
  List<Operand> models(List<Operand> stored) {
    return stored.subList(0, viewed.models());
  }

  /**
   * Rounds and writes.
   *
   * @param stored all inputs
   * @param made in float32, or in the output's type
   * @param observer of what comes of it
   */
  void write(Block all, List<Operand> stored, Operand made, SliceObserver observer)
      throws IOException {
    OutputTensor tensor = work.outputs().get(0);
    List<Operand> models = models(stored);
    NonFiniteTally broken = new NonFiniteTally(models);
    Optional<UpdateTally> updates =
        viewed.hasOrigin() && tensor.dtype().bits() == 16
            ? Optional.of(new UpdateTally(models.get(viewed.origin())))
            : Optional.empty();
    Operand result =
        new Operand(
            buffers.buffer(tensor.byteCount()),
            tensor.dtype(),
            all.count(),
            rounding,
            updates,
            Optional.of(broken));
    store(made, result);
    output.addNonFinite(work, tools.settings().checked(broken, tensor));
    output.addUpdates(work.name(), updates.map(UpdateTally::found).orElse(LostUpdates.NONE));
    observer.observe(all, models, result);
    observer.found().ifPresent(seen -> output.addObservation(work.name(), seen));
    tools.watch().merged();
    output.write(result.buffer().nioBuffer(0, Math.toIntExact(tensor.byteCount())));
  }

  /** Rounds once; float64, which a vector does not hold, is what it was made as. */
  private void store(Operand made, Operand result) {
    if (result.dtype() == DType.F64) {
      for (int i = 0; i < made.elements(); i++) {
        result.doubles().put(i, made.doubles().get(i));
      }
      return;
    }
    try (Kernels<?> kernels = tools.cpu().open()) {
      FloatOperands.convert(kernels, made, result);
    }
  }

  @Override
  public void close() {
    buffers.close();
  }
}
