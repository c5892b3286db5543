package dev.stockpot.merge.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.engine.TaskPool;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Tasks go to Spark's executors and come back, and whatever cannot make that way ends the run with
 * a sentence. The limit of time is for a run that never ends, which is what is to be found.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
class SparkTaskPoolTest {
  private static final CountDownLatch LATCH = new CountDownLatch(1);

  private static JavaSparkContext spark;

  private final SparkTaskPool pool = SparkTaskPool.of(spark, Optional.empty());

  @BeforeAll
  static void start() {
    spark = new JavaSparkContext(MergeConf.of(2));
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private static <T> TaskPool.Group<T> group(String name, List<T> elements) {
    return new TaskPool.Group<>(name, "of a test: " + name, elements);
  }

  private <T, R> Map<Integer, R> run(List<T> elements, TaskPool.Work<T, R> work)
      throws IOException {
    Map<Integer, R> results = new TreeMap<>();
    pool.run(List.of(group("one", elements)), work, results::put);
    return results;
  }

  private <T> void assertRefused(T element, TaskPool.Work<T, String> work, String... words) {
    List<T> elements = new ArrayList<>();
    elements.add(element);
    assertThatThrownBy(() -> run(elements, work))
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll(words)
        .hasMessageNotContaining("\tat ");
    assertStillWorks();
  }

  private void assertStillWorks() {
    try {
      assertThat(run(List.of(1, 2, 3), number -> number + 1)).containsValues(2, 3, 4);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void placesCountThroughAllGroups() throws IOException {
    TreeMap<Integer, String> results = new TreeMap<>();
    pool.run(
        List.of(
            group("a", List.of(1, 2)), group("none", List.<Integer>of()), group("b", List.of(3))),
        number -> "r" + number,
        results::put);
    assertThat(results).hasToString("{0=r1, 1=r2, 2=r3}");
  }

  @Test
  void nothingIsDoneForNothing() throws IOException {
    assertThat(run(List.<Integer>of(), number -> number)).isEmpty();
  }

  private record Plain(Object held) implements Serializable {}

  @Test
  void anElementThatCannotBeSentIsNamed() {
    assertRefused(
        new Plain(new Object()),
        element -> "never",
        "cannot be sent between driver and tasks",
        "java.lang.Object");
  }

  /** Writes itself in a way of its own. */
  private static final class Refusing implements Serializable {
    private static final long serialVersionUID = 1;

    private void writeObject(ObjectOutputStream out) {
      throw new IllegalStateException("this one stays at home");
    }
  }

  @Test
  void anElementThatRefusesToBeWrittenIsHeard() {
    assertRefused(new Refusing(), element -> "never", "this one stays at home");
  }

  /** Holds one that holds one. */
  private record Nested(Nested inner) implements Serializable {}

  @Test
  void anElementThatIsTooDeepIsAMessage() {
    Nested nested = null;
    for (int depth = 0; depth < 200_000; depth++) {
      nested = new Nested(nested);
    }
    assertRefused(nested, element -> "never", "cannot be sent between driver and tasks");
  }

  /** Cannot be made again where it arrives. */
  private static final class Fragile implements Serializable {
    private static final long serialVersionUID = 1;

    private Object readResolve() throws InvalidObjectException {
      throw new InvalidObjectException("broken on the way");
    }
  }

  @Test
  void anElementThatCannotBeReadAgainIsHeard() {
    assertRefused(new Fragile(), element -> "never", "broken on the way");
  }

  @Test
  void workThatCannotBeSentIsNamed() {
    Object held = new Object();
    assertRefused(
        1,
        element -> "never" + held,
        "cannot be sent between driver and tasks",
        "java.lang.Object");
  }

  @Test
  void aResultThatCannotComeBackIsNamed() {
    List<Integer> one = List.of(1);
    assertThatThrownBy(() -> run(one, element -> new Plain(new Object())))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("java.lang.Object");
    assertStillWorks();
  }

  @Test
  void aResultThatCannotBeReadIsHeard() {
    List<Integer> one = List.of(1);
    assertThatThrownBy(() -> run(one, element -> new Fragile()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("broken on the way");
    assertStillWorks();
  }

  @Test
  void whatAUserCanMendIsSaidInItsOwnWords() {
    List<Integer> two = List.of(1, 2);
    assertThatThrownBy(
            () ->
                run(
                    two,
                    element -> {
                      throw new UserException("make room on disk " + element);
                    }))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("make room on disk ");
    assertThatThrownBy(
            () ->
                run(
                    two,
                    element -> {
                      throw new IOException("connection reset");
                    }))
        .isInstanceOf(UserException.class)
        .hasMessage("A task failed, also when it was tried again: connection reset");
    assertStillWorks();
  }

  @Test
  void anErrorInATaskEndsTheRun() {
    List<Integer> one = List.of(1);
    assertThatThrownBy(
            () ->
                run(
                    one,
                    element -> {
                      throw new AssertionError("a fault of a method");
                    }))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("a fault of a method");
    assertStillWorks();
  }

  @Test
  void aTakerThatFailsEndsTheRunAndIsHeard() {
    List<Integer> many = List.of(1, 2, 3, 4, 5, 6, 7, 8);
    assertThatThrownBy(
            () ->
                pool.<Integer, Integer>run(
                    List.of(group("many", many)),
                    element -> element,
                    (place, result) -> {
                      throw new IOException("the disk is full");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("the disk is full");
    assertStillWorks();
  }

  @Test
  void tasksThatAreTriedAgainAreToldOf() throws IOException {
    AtomicInteger told = new AtomicInteger();
    Map<Integer, String> results = new TreeMap<>();
    pool.watched(told::incrementAndGet)
        .<Integer, String>run(
            List.of(group("flaky", List.of(1, 2))),
            element -> {
              if (TaskContext.get().attemptNumber() < 2) {
                throw new IOException("connection reset");
              }
              return "r" + element;
            },
            results::put);
    assertThat(results).containsValues("r1", "r2");
    assertThat(told.get()).isPositive();
  }

  @Test
  void whoeverWatchesMayEndTheRun() {
    List<TaskPool.Group<Integer>> one = List.of(group("hopeless", List.of(1)));
    assertThatThrownBy(
            () ->
                pool.watched(
                        () -> {
                          throw new IOException("it is another's now");
                        })
                    .<Integer, String>run(
                        one,
                        element -> {
                          if (TaskContext.get().attemptNumber() == 0) {
                            throw new IOException("connection reset");
                          }
                          LATCH.await();
                          return "never";
                        },
                        (place, result) -> {}))
        .hasMessage("it is another's now");
    LATCH.countDown();
    assertStillWorks();
  }

  @Test
  void aThreadThatWasInterruptedStaysSo() {
    Thread.currentThread().interrupt();
    List<Integer> one = List.of(1);
    assertThatThrownBy(() -> run(one, element -> element))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("The merge was interrupted with 1 tasks to go");
    assertThat(Thread.interrupted()).isTrue();
    assertStillWorks();
  }

  @Test
  void theThreadHasItsOwnJobNamesAgain() throws IOException {
    spark.setJobDescription("what I am at");
    run(List.of(1), element -> element);
    assertThat(spark.getLocalProperty("spark.job.description")).isEqualTo("what I am at");
    spark.setJobDescription(null);
  }
}
