package dev.stockpot.merge.engine;

import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Runs tasks, and again those that could no longer read: addresses of objects that the driver gave
 * them run out while they wait for their turn, or while they work. A round in which none could read
 * from new addresses is the last.
 */
record Rounds(TaskPool pool, TaskRunner tasks) {
  /** So old may addresses be when tasks are sent; they live for an hour or so. */
  private static final Duration YOUNG = Duration.ofMinutes(10);

  /** A task's work. */
  @FunctionalInterface
  interface Work<T, R> extends Serializable {
    R run(TaskRunner tasks, T element) throws Exception;
  }

  /** An element, and its place among all. */
  private record Placed<T>(int place, T element) implements Serializable {}

  /** What is to be run again, and why. */
  private record Again<T>(List<TaskPool.Group<Placed<T>>> groups, List<String> reasons) {}

  /** The same as {@link TaskPool#run}. */
  <T, R> void run(List<TaskPool.Group<T>> groups, Work<T, R> work, TaskPool.Taker<R> taker)
      throws IOException {
    List<TaskPool.Group<Placed<T>>> left = placed(groups);
    Duration age = YOUNG;
    while (!left.isEmpty()) {
      tasks.environment().store().refresh(age);
      Again<T> again = once(left, work, taker);
      boolean areNew = age.isZero();
      if (areNew && !again.reasons().isEmpty() && again.reasons().size() == count(left)) {
        throw new UserException(again.reasons().get(0));
      }
      age = Duration.ZERO;
      left = again.groups();
    }
  }

  private static int count(List<? extends TaskPool.Group<?>> groups) {
    return groups.stream().mapToInt(group -> group.elements().size()).sum();
  }

  private static <T> List<TaskPool.Group<Placed<T>>> placed(List<TaskPool.Group<T>> groups) {
    List<TaskPool.Group<Placed<T>>> all = new ArrayList<>();
    int place = 0;
    for (TaskPool.Group<T> group : groups) {
      List<Placed<T>> elements = new ArrayList<>();
      for (T element : group.elements()) {
        elements.add(new Placed<>(place++, element));
      }
      all.add(new TaskPool.Group<>(group.name(), group.description(), elements));
    }
    return all;
  }

  private <T, R> Again<T> once(
      List<TaskPool.Group<Placed<T>>> groups, Work<T, R> work, TaskPool.Taker<R> taker)
      throws IOException {
    List<Placed<T>> inOrder = groups.stream().flatMap(group -> group.elements().stream()).toList();
    Set<Integer> again = new HashSet<>();
    List<String> reasons = new ArrayList<>();
    TaskRunner runs = tasks;
    pool.<Placed<T>, Attempt<R>>run(
        groups,
        placed -> Attempt.at(() -> work.run(runs, placed.element())),
        (place, attempt) ->
            attempt.tell(
                result -> taker.take(inOrder.get(place).place(), result),
                reason -> {
                  again.add(inOrder.get(place).place());
                  reasons.add(reason);
                }));
    return new Again<>(
        groups.stream()
            .map(
                group ->
                    new TaskPool.Group<>(
                        group.name(),
                        group.description(),
                        group.elements().stream()
                            .filter(placed -> again.contains(placed.place()))
                            .toList()))
            .filter(group -> !group.elements().isEmpty())
            .toList(),
        reasons);
  }
}
