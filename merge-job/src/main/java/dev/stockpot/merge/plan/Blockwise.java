package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import java.util.List;
import java.util.Optional;

/**
 * A merge of several inputs of one shape, block by block.
 *
 * @param models in the order that the program expects
 * @param origin the model that the method starts from, against which task vectors and lost updates
 *     are counted, or {@link #NO_ORIGIN}
 */
public record Blockwise(
    OutputTensor output,
    List<TensorSource> models,
    MergeProgram program,
    Rounding rounding,
    int origin)
    implements TensorWork {
  public static final int NO_ORIGIN = -1;

  public Blockwise {
    requireNonNull(program, "program is null");
    requireNonNull(rounding, "rounding is null");
    models = List.copyOf(models);
    for (TensorSource model : models) {
      if (!model.shape().equals(output.shape())) {
        throw new IllegalArgumentException("%s is merged from %s".formatted(output, model));
      }
    }
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
    Input.Reach reach =
        program.rowElements() > 0 ? Input.Reach.SAME_ROWS : Input.Reach.SAME_ELEMENTS;
    return models.stream().map(model -> new Input(model, reach)).toList();
  }

  @Override
  public int bits() {
    return output.dtype().bits();
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
    return new Blockwise(output, models, finding.toldTo(program), rounding, origin);
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
    long bytes = Footprint.pages(row * output.dtype().bytes());
    for (TensorSource model : models) {
      bytes += Footprint.pages(row * model.dtype().bytes());
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
