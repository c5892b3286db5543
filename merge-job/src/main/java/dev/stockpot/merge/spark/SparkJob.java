package dev.stockpot.merge.spark;

import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
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
 * Work of one kind: a task for each element of a list. Spark hands results over on its scheduler's
 * thread, which must not wait; here they are passed on to the thread that started the job.
 */
final class SparkJob<T, R> {
  private static final long POLL_MILLIS = 50;

  private final JavaSparkContext spark;
  private final Optional<ResourceProfile> profile;

  /**
   * @param profile what executors must have; empty for whatever they have
   */
  SparkJob(JavaSparkContext spark, Optional<ResourceProfile> profile) {
    this.spark = spark;
    this.profile = profile;
  }

  /**
   * Elements that Spark's UI shows as a job of their own.
   *
   * @param name of their stage
   * @param description what is in it
   */
  record Group<T>(String name, String description, List<T> elements) {}

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
   * Runs all groups and waits for their end. Those that come first are started first, but none
   * waits for another.
   *
   * @param taker counts places through all groups
   * @throws UserException if a task failed for good, or the taker did
   */
  void run(List<Group<T>> groups, Work<T, R> work, Taker<R> taker) throws IOException {
    LinkedBlockingQueue<Placed<R>> results = new LinkedBlockingQueue<>();
    List<SimpleFutureAction<Void>> jobs = new ArrayList<>();
    int left = 0;
    try {
      for (Group<T> group : groups) {
        jobs.add(submit(group, work, handler(results, left)));
        left += group.elements().size();
      }
      while (left > 0) {
        Placed<R> next = results.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          taker.take(next.place(), next.result());
          left--;
        } else if (results.isEmpty()) {
          throwFailureOf(jobs);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException("The merge was interrupted; nothing was written", e);
    } finally {
      if (left > 0) {
        jobs.forEach(SimpleFutureAction::cancel);
      }
      spark.setJobDescription(null);
      spark.clearCallSite();
    }
  }

  private static void throwFailureOf(List<SimpleFutureAction<Void>> jobs) {
    for (SimpleFutureAction<Void> job : jobs) {
      if (job.isCompleted() && job.value().get().isFailure()) {
        throw SparkFailure.of(job.value().get().failed().get());
      }
    }
  }

  private SimpleFutureAction<Void> submit(
      Group<T> group, Work<T, R> work, Function2<Object, R, BoxedUnit> handler) {
    List<T> elements = group.elements();
    spark.setJobDescription(group.description());
    spark.setCallSite(group.name());
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
    JavaRDD<T> partitioned = spark.parallelize(elements, Math.max(1, elements.size()));
    return spark
        .sc()
        .submitJob(
            profile.map(partitioned::withResources).orElse(partitioned).rdd(),
            new TaskFunction<>(work),
            partitions,
            handler,
            nothing);
  }

  private static <R> Function2<Object, R, BoxedUnit> handler(
      LinkedBlockingQueue<Placed<R>> results, int first) {
    return new AbstractFunction2<>() {
      @Override
      public BoxedUnit apply(Object place, R result) {
        results.add(new Placed<>(first + (Integer) place, result));
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
