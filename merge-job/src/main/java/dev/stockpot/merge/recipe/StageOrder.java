package dev.stockpot.merge.recipe;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds out which of several merges is written, and in which order the others come before it. */
final class StageOrder {
  private final List<Written> all;
  private final Problems problems;
  private final int before;
  private final Map<String, Written> named = new LinkedHashMap<>();

  /** A merge that can be read. */
  record Written(Optional<String> name, int line, Recipe recipe) {}

  StageOrder(List<Written> all, Problems problems) {
    this.all = List.copyOf(all);
    this.problems = problems;
    this.before = problems.count();
    this.all.forEach(merge -> merge.name().ifPresent(name -> named.put(name, merge)));
  }

  /** The merge that is written, with the stages that it needs; a problem if they go in circles. */
  Recipe ordered(boolean areExact) {
    if (all.size() == 1 && named.isEmpty()) { // which nothing can be taken from
      return all.get(0).recipe().with(new Stages(List.of(), areExact)).telling(problems.told());
    }
    Set<Written> order = new LinkedHashSet<>();
    for (Written merge : all) { // circles among those that nobody needs are circles, too
      visit(merge, new ArrayList<>(), order);
    }
    if (hasCircle()) {
      problems.throwIfAny();
    }
    Written last = last();
    Set<Written> needed = new LinkedHashSet<>();
    visit(last, new ArrayList<>(), needed);
    for (Written merge : all) {
      if (!needed.contains(merge)) {
        problems.tell(
            merge.line(),
            "stage `%s` is taken by no merge that is written, and is not made"
                .formatted(merge.name().orElseThrow()));
      }
    }
    List<Stage> before = new ArrayList<>();
    needed.remove(last);
    needed.forEach(merge -> before.add(new Stage(merge.name().orElseThrow(), merge.recipe())));
    return last.recipe().with(new Stages(before, areExact)).telling(problems.told());
  }

  private boolean hasCircle() {
    return problems.count() > before;
  }

  /** The one without a name; else the last of those that no other takes. */
  private Written last() {
    Set<String> taken = new LinkedHashSet<>();
    all.forEach(merge -> taken.addAll(takes(merge)));
    Written last = all.get(all.size() - 1);
    for (Written merge : all) {
      if (merge.name().isEmpty()) {
        return merge;
      }
      last = taken.contains(merge.name().get()) ? last : merge;
    }
    return last;
  }

  private List<String> takes(Written merge) {
    return merge.recipe().named().stream()
        .flatMap(
            model ->
                Stream.of(model.path(), model.base().path()).filter(named::containsKey).limit(1))
        .distinct()
        .toList();
  }

  private void visit(Written merge, List<Written> path, Set<Written> done) {
    if (done.contains(merge)) {
      return;
    }
    int begin = path.indexOf(merge);
    if (begin >= 0) {
      problems.add(
          merge.line(),
          "stages go in a circle: %s; take a stored model in one of them"
              .formatted(
                  path.subList(begin, path.size()).stream()
                      .map(each -> "`%s` takes ".formatted(each.name().orElseThrow()))
                      .collect(joining("", "", "`%s`".formatted(merge.name().orElseThrow())))));
      return;
    }
    path.add(merge);
    for (String name : takes(merge)) {
      if (!hasCircle()) {
        visit(named.get(name), path, done);
      }
    }
    path.remove(path.size() - 1);
    done.add(merge);
  }
}
