package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import java.util.List;

/** {@link TaskVectors} with zeros where their {@link Variance} is not among the selected. */
final class SelectedTaskVectors<V> {
  private final Kernels<V> kernels;
  private final boolean all;
  private final Drop.BlockDrop<V> selection;
  private final TaskVectors<V> taskVectors;
  private final Variance<V> variance;
  private final V selected;

  SelectedTaskVectors(Kernels<V> kernels, int base, List<Integer> models, Drop.Settled selection) {
    this.kernels = kernels;
    this.all = selection == Drop.KeepAll.INSTANCE;
    this.selection = selection.open(kernels);
    this.taskVectors = new TaskVectors<>(kernels, base, models);
    this.variance = new Variance<>(kernels);
    this.selected = kernels.vector();
  }

  /** The task vectors of a block; they may be worked with until the next call. */
  List<V> load(Block block, List<Operand> inputs) {
    taskVectors.load(block, inputs);
    if (!all) {
      variance.of(taskVectors.vectors(), selected);
      selection.apply(block, selected);
      for (V taskVector : taskVectors.vectors()) {
        kernels.keepWhereNotZero(taskVector, selected, taskVector);
      }
    }
    return taskVectors.vectors();
  }

  V origin() {
    return taskVectors.origin();
  }
}
