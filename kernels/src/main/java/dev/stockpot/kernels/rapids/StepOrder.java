package dev.stockpot.kernels.rapids;

import static dev.stockpot.kernels.rapids.BinaryOperation.ADD;
import static dev.stockpot.kernels.rapids.BinaryOperation.DIVIDE;
import static dev.stockpot.kernels.rapids.BinaryOperation.LESS;
import static dev.stockpot.kernels.rapids.BinaryOperation.MULTIPLY;
import static dev.stockpot.kernels.rapids.BinaryOperation.SUBTRACT;
import static dev.stockpot.kernels.rapids.ColumnType.UINT32;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.statistic.LaneSum;
import java.util.function.Function;

/**
 * The order of sums of elements that are a step apart, as many as a step has places, in each of
 * several runs: the first step of all runs, then the second step of all, …
 */
final class StepOrder extends SumOrder {
  private final Function<Block, Layout> layouts;

  /**
   * How a block is cut.
   *
   * @param elements of the block
   * @param run elements of a run, but for the last one, which may be shorter
   * @param step elements of a step, but for the last one of a run, which may be shorter
   */
  private record Layout(int elements, int run, int step) {
    int runs() {
      return (elements + run - 1) / run;
    }

    int steps() {
      return (run + step - 1) / step;
    }

    boolean isFilled() {
      return elements % run == 0 && run % step == 0;
    }
  }

  private StepOrder(Device device, Function<Block, Layout> layouts) {
    super(device);
    this.layouts = layouts;
  }

  /** Of sums of each column over the rows of each reduction block. */
  static StepOrder ofColumns(Device device) {
    return new StepOrder(
        device,
        block -> {
          int row = block.rowOrAll();
          int reduction = Math.toIntExact(Block.reductionElements(row));
          return new Layout(block.count(), Math.min(block.count(), reduction), row);
        });
  }

  /** Of a {@link LaneSum} without runs over each row. */
  static StepOrder ofRows(Device device) {
    return new StepOrder(
        device, block -> new Layout(block.count(), block.rowOrAll(), LaneSum.LANES));
  }

  @Override
  boolean isNatural(Block block) {
    Layout layout = layouts.apply(block);
    return layout.runs() == 1 && layout.isFilled();
  }

  @Override
  boolean isFilled(Block block) {
    return layouts.apply(block).isFilled();
  }

  @Override
  Column made(Scratch s, Block block) {
    Layout layout = layouts.apply(block);
    int ofAll = layout.runs() * layout.step();
    Column index = s.own(s.device().sequence(0, layout.steps() * ofAll));
    Column step = s.binary(DIVIDE, index, Literal.uint32(ofAll), UINT32);
    Column inStep = s.binary(SUBTRACT, index, times(s, step, ofAll), UINT32);
    s.drop(index);
    Column run = s.binary(DIVIDE, inStep, Literal.uint32(layout.step()), UINT32);
    // where a step has those of all runs, a block has whole runs between them
    Column between = times(s, run, layout.run() - layout.step());
    Column firsts = s.binary(ADD, inStep, between, UINT32);
    s.drop(inStep);
    s.drop(between);
    Column places = s.binary(ADD, firsts, times(s, step, layout.step()), UINT32);
    return layout.isFilled() ? places : withinRuns(s, places, run, layout);
  }

  private static Column times(Scratch s, Column a, int factor) {
    return s.binary(MULTIPLY, a, Literal.uint32(factor), UINT32);
  }

  private static Column withinRuns(Scratch s, Column places, Column run, Layout layout) {
    Literal nowhere = Literal.uint32(layout.elements());
    Column begins = times(s, run, layout.run());
    Column ends = s.binary(ADD, begins, Literal.uint32(layout.run()), UINT32);
    Column inRun = s.select(s.is(LESS, places, ends), places, nowhere);
    return s.select(s.is(LESS, inRun, nowhere), inRun, nowhere);
  }

  /** The float64 sums of elements in that order: of each run, those of a step's places. */
  double[] sums(Scratch s, Column ordered, Block block) {
    return s.device().downloadDoubles(folded(s, ordered, layouts.apply(block).steps()));
  }
}
