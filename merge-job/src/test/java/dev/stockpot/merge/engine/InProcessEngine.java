package dev.stockpot.merge.engine;

import dev.stockpot.kernels.rapids.cudf.GpuTask;
import java.io.IOException;
import java.util.List;

/** Runs tasks one after the other on the thread that asks for them, without Spark. */
public final class InProcessEngine implements MergeEngine {
  private boolean isClosed;

  @Override
  public MergeTasks begin(TaskEnvironment environment, boolean wantsGpu) {
    return new MergeTasks(new OneByOne(), environment, GpuTask.NONE, new Sum());
  }

  public boolean isClosed() {
    return isClosed;
  }

  @Override
  public void close() {
    isClosed = true;
  }

  @Override
  public TaskPool errands(boolean wantsGpu) {
    return new OneByOne();
  }

  private static final class OneByOne implements TaskPool {
    @Override
    public <T, R> void run(List<Group<T>> groups, Work<T, R> work, Taker<R> taker)
        throws IOException {
      int place = 0;
      for (Group<T> group : groups) {
        for (T element : group.elements()) {
          taker.take(place, result(element, work));
          place++;
        }
      }
    }

    private static <T, R> R result(T element, Work<T, R> work) {
      try {
        return work.run(element);
      } catch (Exception e) {
        throw TaskFailure.of(e);
      }
    }
  }

  private static final class Sum implements TotalsSum {
    private static final long serialVersionUID = 1;

    private MergeTotals sum = MergeTotals.NONE;

    @Override
    public void add(MergeTotals ofTask) {
      sum = sum.plus(ofTask);
    }

    @Override
    public MergeTotals value() {
      return sum;
    }
  }
}
