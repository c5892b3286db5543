package dev.stockpot.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.rapids.cudf.GpuTask;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.ForwardingStore;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.StaleAddressException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tasks whose addresses ran out are run again, and only those. */
class RoundsTest {
  private static final Location WEIGHTS = new Location("/models/a/model.safetensors");

  private final List<Duration> refreshed = new ArrayList<>();
  private final List<List<String>> groups = new ArrayList<>();
  private final Map<String, Integer> attempts = new HashMap<>();
  private final Map<Integer, String> taken = new TreeMap<>();

  /** A store that remembers when it was asked for new addresses. */
  private final class Refreshed implements ForwardingStore {
    private final MemoryStore memory = new MemoryStore();

    @Override
    public ObjectStore store() {
      return memory;
    }

    @Override
    public void refresh(Duration age) {
      refreshed.add(age);
    }
  }

  /** Runs one after the other, as engines do: what a task throws ends everything. */
  private final class OneByOne implements TaskPool {
    @Override
    public <T, R> void run(List<Group<T>> given, Work<T, R> work, Taker<R> taker)
        throws IOException {
      groups.add(given.stream().map(Group::name).toList());
      int place = 0;
      for (Group<T> group : given) {
        for (T element : group.elements()) {
          try {
            taker.take(place++, work.run(element));
          } catch (IOException e) {
            throw e;
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        }
      }
    }
  }

  private static TaskPool.Group<String> group(String name, String... elements) {
    return new TaskPool.Group<>(name, "elements of " + name, List.of(elements));
  }

  /** Runs elements, of which each is stale as often as it says: {@code c2} twice. */
  private void run(List<TaskPool.Group<String>> elements) throws IOException {
    TaskRunner tasks =
        new TaskRunner(
            new TaskEnvironment(new Refreshed(), "auto", null, null), GpuTask.NONE, null);
    new Rounds(new OneByOne(), tasks)
        .<String, String>run(
            elements,
            (runs, element) -> {
              int attempt = attempts.merge(element, 1, Integer::sum);
              if (attempt <= Integer.parseInt(element.substring(1))) {
                throw new IllegalStateException("a task", new StaleAddressException(WEIGHTS));
              }
              return "made of " + element;
            },
            (place, result) ->
                assertThat(taken.put(place, result)).as("what had place %s", place).isNull());
  }

  @Test
  void oneRoundIsEnoughWhereAddressesLast() throws IOException {
    run(List.of(group("first", "a0", "b0"), group("second", "c0")));
    assertThat(refreshed).containsExactly(Duration.ofMinutes(10));
    assertThat(taken.values()).containsExactly("made of a0", "made of b0", "made of c0");
  }

  @Test
  void whatCouldNotBeReadIsMadeAgainFromNewAddressesUnderItsOwnPlace() throws IOException {
    run(List.of(group("first", "a0", "b1"), group("second", "c0"), group("third", "d2", "e1")));
    assertThat(refreshed).containsExactly(Duration.ofMinutes(10), Duration.ZERO, Duration.ZERO);
    assertThat(groups)
        .containsExactly(
            List.of("first", "second", "third"), List.of("first", "third"), List.of("third"));
    assertThat(attempts).containsEntry("a0", 1).containsEntry("c0", 1).containsEntry("d2", 3);
    assertThat(taken)
        .containsExactly(
            Map.entry(0, "made of a0"),
            Map.entry(1, "made of b1"),
            Map.entry(2, "made of c0"),
            Map.entry(3, "made of d2"),
            Map.entry(4, "made of e1"));
  }

  @Test
  void aSingleTaskThatWaitedTooLongIsRunAgain() throws IOException {
    run(List.of(group("only", "a1")));
    assertThat(taken.values()).containsExactly("made of a1");
    assertThat(attempts).containsEntry("a1", 2);
  }

  @Test
  void addressesThatAreRefusedThoughTheyAreNewEndIt() {
    assertThatThrownBy(() -> run(List.of(group("first", "a0", "b9"), group("second", "c9"))))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "/models/a/model.safetensors: its address is refused, also a new one. Fetch the model"
                + " to a folder or a store first: stockpot fetch");
    assertThat(refreshed).containsExactly(Duration.ofMinutes(10), Duration.ZERO);
    assertThat(attempts).containsEntry("a0", 1).containsEntry("b9", 2).containsEntry("c9", 2);
    assertThat(taken.values()).containsExactly("made of a0");
  }

  @Test
  void aFailureOfAnotherKindIsNotTriedAgain() {
    TaskRunner tasks =
        new TaskRunner(
            new TaskEnvironment(new Refreshed(), "auto", null, null), GpuTask.NONE, null);
    Rounds rounds = new Rounds(new OneByOne(), tasks);
    assertThatThrownBy(
            () ->
                rounds.<String, String>run(
                    List.of(group("only", "a")),
                    (runs, element) -> {
                      attempts.merge(element, 1, Integer::sum);
                      throw new IOException("the disk is full");
                    },
                    (place, result) -> taken.put(place, result)))
        .hasMessage("the disk is full");
    assertThat(attempts).containsEntry("a", 1);
    assertThat(taken).isEmpty();
  }

  @Test
  void withoutTasksNobodyIsAskedForAnything() throws IOException {
    run(List.of());
    assertThat(refreshed).isEmpty();
    assertThat(groups).isEmpty();
  }
}
