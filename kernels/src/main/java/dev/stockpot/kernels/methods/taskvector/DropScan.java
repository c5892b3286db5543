package dev.stockpot.kernels.methods.taskvector;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.block.Sampling;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One look at every task vector whose {@link Drop} is not settled.
 *
 * @param base place of the base model among the inputs
 */
record DropScan(int base, List<TaskVectorMerge.Term> models) implements Scan {
  DropScan {
    models =
        models.stream()
            .filter(model -> !model.drop().isSettled())
            .map(model -> new TaskVectorMerge.Term(model.input(), 1, model.drop(), 1))
            .toList(); // without weights: equal scans look for the same
  }

  /** The models, each drop knowing what the scan found for it. */
  static List<TaskVectorMerge.Term> settle(List<TaskVectorMerge.Term> models, Statistic found) {
    StatisticList statistics = (StatisticList) found;
    List<TaskVectorMerge.Term> known = new ArrayList<>();
    int next = 0;
    for (TaskVectorMerge.Term model : models) {
      Drop drop =
          model.drop() instanceof Drop.Unsettled unsettled
              ? unsettled.knowing(statistics.statistics().get(next++))
              : model.drop();
      known.add(new TaskVectorMerge.Term(model.input(), model.weight(), drop, model.norm()));
    }
    return known;
  }

  private List<Drop.Unsettled> unsettled() {
    return models.stream().map(model -> (Drop.Unsettled) model.drop()).toList();
  }

  @Override
  public boolean wants(Block block) {
    return Drop.Unsettled.samplingOf(unsettled()).map(it -> it.includes(block)).orElse(true);
  }

  @Override
  public <V> BlockScan open(Kernels<V> kernels) {
    V origin = kernels.vector();
    V taskVector = kernels.vector();
    Optional<Sampling> sampling = Drop.Unsettled.samplingOf(unsettled());
    List<Drop.BlockLook<V>> looks = new ArrayList<>();
    unsettled().forEach(drop -> looks.add(drop.look(kernels)));
    return new BlockScan() {
      @Override
      public void scan(Block block, List<Operand> inputs) {
        if (sampling.isPresent()) {
          kernels.eachChosen(block, sampling.get(), run -> look(run, inputs));
        } else {
          kernels.begin(block);
          look(block, inputs);
        }
      }

      private void look(Block block, List<Operand> inputs) {
        kernels.load(inputs.get(base), origin);
        for (int i = 0; i < models.size(); i++) {
          kernels.loadDifference(inputs.get(models.get(i).input()), origin, taskVector);
          looks.get(i).look(block, taskVector);
        }
      }

      @Override
      public Statistic found() {
        return new StatisticList(looks.stream().map(Drop.BlockLook::found).toList());
      }
    };
  }
}
