package dev.stockpot.merge.spark;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.engine.TaskFailure;
import dev.stockpot.merge.engine.TaskPool;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
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
 * A Spark task for each element of a list. Spark hands results over on its scheduler's thread,
 * which must not wait; here they are passed on to the thread that started the job. Several threads
 * may run tasks at the same time.
 */
final class SparkTaskPool implements TaskPool {
  private static final long POLL_MILLIS = 50;

  private final JavaSparkContext spark;
  private final Optional<ResourceProfile> profile;
  private final boolean interruptsTasks;
  private final Watch watch;

  private SparkTaskPool(
      JavaSparkContext spark,
      Optional<ResourceProfile> profile,
      boolean interruptsTasks,
      Watch watch) {
    this.spark = spark;
    this.profile = profile;
    this.interruptsTasks = interruptsTasks;
    this.watch = watch;
  }

  /**
   * For tasks of merges: one that nobody waits for any more ends by itself, soon.
   *
   * @param profile what executors must have; empty for whatever they have
   */
  static SparkTaskPool of(JavaSparkContext spark, Optional<ResourceProfile> profile) {
    return new SparkTaskPool(spark, profile, /* interruptsTasks= */ false, () -> {});
  }

  /** For tasks that wait for long, and are interrupted when nobody waits for them any more. */
  static SparkTaskPool ofErrands(JavaSparkContext spark, Optional<ResourceProfile> profile) {
    return new SparkTaskPool(spark, profile, /* interruptsTasks= */ true, () -> {});
  }

  @Override
  public SparkTaskPool watched(Watch failures) {
    return new SparkTaskPool(spark, profile, interruptsTasks, failures);
  }

  private record Placed<R>(int place, Supplier<R> result) {}

  @Override
  public <T, R> void run(List<Group<T>> groups, Work<T, R> work, Taker<R> taker)
      throws IOException {
    TaskFunction<T, R> function = new TaskFunction<>(work);
    new JavaBytes<TaskFunction<T, R>>().write(function); // what fails here would end Spark's thread
    LinkedBlockingQueue<Placed<R>> results = new LinkedBlockingQueue<>();
    AtomicReference<UserException> unsendable = new AtomicReference<>();
    List<SimpleFutureAction<Void>> jobs = new ArrayList<>();
    int left = 0;
    try (JobLabels labels = new JobLabels(spark, interruptsTasks);
        FailedTries tries = FailedTries.of(spark.sc())) {
      for (Group<T> group : groups) {
        labels.show(group);
        RDD<T> elements = new ElementsRdd<>(spark.sc(), group.elements(), unsendable::set);
        jobs.add(submit(elements, group.elements().size(), function, handler(results, left)));
        left += group.elements().size();
      }
      while (left > 0) {
        Placed<R> next = results.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          taker.take(next.place(), next.result().get());
          left--;
        } else if (results.isEmpty()) {
          throwFailure(unsendable, jobs);
        }
        if (tries.areNew()) {
          watch.failed();
        }
      }
    } catch (InterruptedException e) {
      if (!interruptsTasks) {
        OwnSpark.hush(spark);
      }
      Thread.currentThread().interrupt();
      throw new UserException(
          "The merge was interrupted with %s tasks to go; nothing was written".formatted(left), e);
    } finally {
      if (left > 0) {
        jobs.forEach(SimpleFutureAction::cancel);
      }
    }
  }

  private static void throwFailure(
      AtomicReference<UserException> unsendable, List<SimpleFutureAction<Void>> jobs) {
    if (unsendable.get() != null) {
      throw unsendable.get();
    }
    for (SimpleFutureAction<Void> job : jobs) {
      if (job.isCompleted() && job.value().get().isFailure()) {
        throw TaskFailure.of(job.value().get().failed().get());
      }
    }
  }

  private <T, R> SimpleFutureAction<Void> submit(
      RDD<T> elements,
      int count,
      TaskFunction<T, R> function,
      Function2<Object, byte[], BoxedUnit> handler) {
    List<Object> places = IntStream.range(0, count).mapToObj(place -> (Object) place).toList();
    Seq<Object> partitions = CollectionConverters.asScala(places).toSeq();
    Function0<Void> nothing =
        new AbstractFunction0<>() {
          @Override
          public Void apply() {
            return null;
          }
        };
    return spark
        .sc()
        .submitJob(
            profile.map(elements::withResources).orElse(elements),
            function,
            partitions,
            handler,
            nothing);
  }

  private static <R> Function2<Object, byte[], BoxedUnit> handler(
      LinkedBlockingQueue<Placed<R>> results, int first) {
    JavaBytes<R> bytes = new JavaBytes<>();
    return new AbstractFunction2<>() {
      @Override
      public BoxedUnit apply(Object place, byte[] result) {
        results.add(new Placed<>(first + (Integer) place, () -> bytes.read(result)));
        return BoxedUnit.UNIT;
      }
    };
  }

  /** The function that Spark sends: its partition has one element. */
  private static final class TaskFunction<T, R> extends AbstractFunction1<Iterator<T>, byte[]>
      implements Function1<Iterator<T>, byte[]>, Serializable {
    private static final long serialVersionUID = 1;

    private final Work<T, R> work;

    TaskFunction(Work<T, R> work) {
      this.work = work;
    }

    @Override
    public byte[] apply(Iterator<T> partition) {
      try {
        return new JavaBytes<R>().write(work.run(partition.next()));
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
