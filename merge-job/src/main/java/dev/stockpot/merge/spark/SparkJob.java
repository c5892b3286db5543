package dev.stockpot.merge.spark;

import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Function0;
import scala.Function1;
import scala.Function2;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * One Spark job: a task for each element of a list. Spark hands results over on its scheduler's
 * thread, which must not wait; here they are passed on to the thread that started the job.
 */
final class SparkJob<T, R> {
  private static final long POLL_MILLIS = 50;

  private final JavaSparkContext spark;
  private final String description;

  SparkJob(JavaSparkContext spark, String description) {
    this.spark = spark;
    this.description = description;
  }

  /** A task's work, sent to an executor. */
  @FunctionalInterface
  interface Work<T, R> extends Serializable {
    R run(T element) throws Exception;
  }

  /** Takes a result on the calling thread. */
  @FunctionalInterface
  interface Taker<R> {
    void take(int place, R result) throws IOException;
  }

  private record Placed<R>(int place, R result) {}

  /**
   * Runs the job and waits for its end.
   *
   * @throws UserException if a task failed for good, or the taker did
   */
  void run(List<T> elements, Work<T, R> work, Taker<R> taker) throws IOException {
    LinkedBlockingQueue<Placed<R>> results = new LinkedBlockingQueue<>();
    spark.setJobDescription(description);
    List<Object> places =
        IntStream.range(0, elements.size()).mapToObj(place -> (Object) place).toList();
    Seq<Object> partitions = CollectionConverters.asScala(places).toSeq();
    Function0<Void> nothing =
        new AbstractFunction0<>() {
          @Override
          public Void apply() {
            return null;
          }
        };
    SimpleFutureAction<Void> job =
        spark
            .sc()
            .submitJob(
                spark.parallelize(elements, Math.max(1, elements.size())).rdd(),
                new TaskFunction<>(work),
                partitions,
                handler(results),
                nothing);
    int left = elements.size();
    try {
      while (left > 0) {
        Placed<R> next = results.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          taker.take(next.place(), next.result());
          left--;
        } else if (job.isCompleted() && results.isEmpty()) {
          throw SparkFailure.of(job.value().get().failed().get());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException("The merge was interrupted; nothing was written", e);
    } finally {
      if (left > 0) {
        job.cancel();
      }
    }
  }

  private static <R> Function2<Object, R, BoxedUnit> handler(
      LinkedBlockingQueue<Placed<R>> results) {
    return new AbstractFunction2<>() {
      @Override
      public BoxedUnit apply(Object place, R result) {
        results.add(new Placed<>((Integer) place, result));
        return BoxedUnit.UNIT;
      }
    };
  }

  /** The function that Spark sends: its partition has one element. */
  private static final class TaskFunction<T, R> extends AbstractFunction1<Iterator<T>, R>
      implements Function1<Iterator<T>, R>, Serializable {
    private static final long serialVersionUID = 1;

    private final Work<T, R> work;

    TaskFunction(Work<T, R> work) {
      this.work = work;
    }

    @Override
    public R apply(Iterator<T> partition) {
      try {
        return work.run(partition.next());
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new TaskException(e);
      }
    }
  }

  /** Carries a checked exception out of a task. */
  static final class TaskException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TaskException(Exception cause) {
      super(cause);
    }
  }
}
