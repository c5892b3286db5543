package dev.stockpot.merge.part;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Measures;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.storage.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.memory.ArrowBuf;

/** A load that is there, until it is closed. */
final class Loaded implements AutoCloseable {
  private final Load load;
  private final List<ArrowBuf> buffers;
  private final Runnable release;

  Loaded(Load load, List<ArrowBuf> buffers, Runnable release) {
    this.load = load;
    this.buffers = buffers;
    this.release = release;
  }

  /** Puts inputs together that are not stored as they are wanted; once, before they are used. */
  void assemble(KernelProvider cpu) throws IOException {
    assemble(cpu, any -> Measures.NONE);
  }

  /**
   * The same for those who want to know what is found on the way.
   *
   * @param found who takes that, by the tensor that it is of
   */
  void assemble(KernelProvider cpu, Function<String, Measures> found) throws IOException {
    for (AssemblyStep step : load.steps()) {
      step.run(buffers, cpu, found);
    }
  }

  /** The same with some of its inputs, in that order; this one is to be closed. */
  Loaded of(List<Integer> places) {
    return new Loaded(load.of(places), buffers, () -> {});
  }

  /** Some of the elements of each input, all of which have the same. */
  List<Operand> operands(Block chunk) {
    List<Operand> operands = new ArrayList<>();
    for (Load.Input input : load.inputs()) {
      DType dtype = input.source().dtype();
      operands.add(new Operand(view(input, chunk), dtype, chunk.count()));
    }
    return operands;
  }

  /** All elements of one input. */
  Operand operand(int place) {
    Load.Input input = load.inputs().get(place);
    return new Operand(
        buffers.get(input.buffer()), input.source().dtype(), Math.toIntExact(input.span().count()));
  }

  /** The bytes of some elements of its first input, of whatever type. */
  ByteBuffer bytes(Block chunk) {
    ArrowBuf view = view(load.inputs().get(0), chunk);
    return view.nioBuffer(0, Math.toIntExact(view.capacity()));
  }

  private ArrowBuf view(Load.Input input, Block chunk) {
    DType dtype = input.source().dtype();
    long before = chunk.firstElement() - input.span().first();
    ByteRange bytes = new ElementSpan(before, chunk.count()).bytes(dtype);
    return buffers.get(input.buffer()).slice(bytes.begin(), bytes.length());
  }

  @Override
  public void close() {
    release.run();
  }
}
