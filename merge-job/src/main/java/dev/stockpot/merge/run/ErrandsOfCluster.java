package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.engine.TaskPool;
import dev.stockpot.merge.evaluate.CommandErrand;
import dev.stockpot.merge.evaluate.CommandOutput;
import dev.stockpot.merge.evaluate.Errands;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Runs commands of evaluators as tasks of the cluster that merges, one task each. */
record ErrandsOfCluster(TaskPool pool) implements Errands {
  @Override
  public CommandOutput run(CommandErrand errand) throws InterruptedException {
    AtomicReference<CommandOutput> output = new AtomicReference<>();
    String what = "evaluation of candidate " + errand.candidate().id();
    try {
      pool.run(
          List.of(new TaskPool.Group<>("evaluation", what, List.of(errand))),
          CommandErrand::run,
          (place, result) -> output.set(result));
      return output.get();
    } catch (UserException | IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException(what);
      }
      return new CommandOutput("", "", e.getMessage()); // an executor was lost, and lost again
    }
  }
}
