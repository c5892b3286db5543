package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.method.Judgement;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.SideOutput;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A merge of several inputs of one shape, block by block.
 *
 * @param models in the order that the program expects
 * @param origin the model that the method starts from, against which task vectors and lost updates
 *     are counted, or {@link #NO_ORIGIN}
 * @param sides what is read and made beside the models
 */
public record Blockwise(
    OutputTensor output,
    List<TensorSource> models,
    MergeProgram program,
    Rounding rounding,
    int origin,
    Sides sides)
    implements OneTensor {
  public static final int NO_ORIGIN = -1;

  /**
   * What a method reads and makes beside models.
   *
   * @param inputs of the tensor's shape, in the order that the program expects behind the models
   * @param outputs in the order in which the program makes them behind the tensor
   */
  public record Sides(List<TensorSource> inputs, List<SideOutput> outputs) implements Serializable {
    public static final Sides NONE = new Sides(List.of(), List.of());

    public Sides {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }
  }

  public Blockwise {
    requireNonNull(program, "program is null");
    requireNonNull(rounding, "rounding is null");
    models = List.copyOf(models);
    requireShape(output, models);
    requireShape(output, sides.inputs());
  }

  private static void requireShape(OutputTensor output, List<TensorSource> inputs) {
    for (TensorSource input : inputs) {
      if (!input.shape().equals(output.shape())) {
        throw new IllegalArgumentException("%s is merged from %s".formatted(output, input));
      }
    }
  }

  Blockwise with(Sides beside) {
    return new Blockwise(output, models, program, rounding, origin, beside);
  }

  @Override
  public List<OutputTensor> outputs() {
    List<OutputTensor> outputs = new ArrayList<>();
    outputs.add(output);
    sides
        .outputs()
        .forEach(side -> outputs.add(new OutputTensor(name(), side.type(), output.shape())));
    return outputs;
  }

  @Override
  public List<String> sideNames() {
    return sides.outputs().stream().map(SideOutput::name).toList();
  }

  @Override
  public List<Input> inputs() {
    Input.Reach reach =
        program.rowElements() > 0 ? Input.Reach.SAME_ROWS : Input.Reach.SAME_ELEMENTS;
    List<Input> inputs = new ArrayList<>(models.size() + sides.inputs().size());
    models.forEach(model -> inputs.add(new Input(model, reach)));
    sides.inputs().forEach(side -> inputs.add(new Input(side, reach)));
    return inputs;
  }

  @Override
  public Rows rows() {
    return program.rows();
  }

  public boolean hasOrigin() {
    return origin != NO_ORIGIN;
  }

  /** Whether the output's type can lose updates. */
  public boolean countsUpdates() {
    return hasOrigin() && output.dtype().bits() == 16;
  }

  @Override
  public Optional<WantedScan> scan() {
    return program.scan().map(scan -> new WantedScan(scan, program.scanScope()));
  }

  @Override
  public Blockwise knowing(Finding finding) {
    return new Blockwise(output, models, finding.toldTo(program), rounding, origin, sides);
  }

  @Override
  public Optional<Judgement> judgement() {
    return program.judgement();
  }

  @Override
  public boolean isOneSlice(long taskBytes, int merges) {
    boolean looksFirst = scan().filter(wanted -> wanted.scope().isTensor()).isPresent();
    return (looksFirst || !streams()) && SourceMemory.holdsAll(this, taskBytes, merges);
  }

  @Override
  public Optional<String> problem(long taskBytes) {
    long row = program.rowElements();
    if (row > Block.REDUCTION_ELEMENTS) {
      return Optional.of(
          "rows of %s elements are too long to be merged row by row; the longest have %s"
              .formatted(row, Block.REDUCTION_ELEMENTS));
    }
    long bytes = 0;
    for (OutputTensor made : outputs()) {
      bytes += Footprint.pages(row * made.dtype().bytes());
    }
    for (Input input : inputs()) {
      bytes += Footprint.pages(row * input.source().dtype().bytes());
    }
    return row == 0 || bytes <= taskBytes
        ? SourceMemory.problem(this, taskBytes)
        : Optional.of(
            "a row of all inputs takes %s bytes, more than a task's %s; raise task-memory"
                .formatted(bytes, taskBytes));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.blockwise(this);
  }
}
