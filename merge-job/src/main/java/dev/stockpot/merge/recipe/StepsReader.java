package dev.stockpot.merge.recipe;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code steps} beside a model that is a pattern. */
final class StepsReader {
  static final String KEY = "steps";

  private static final Section.Keys STEPS =
      new Section.Keys(
          "`steps`", List.of("from", "to", "every", "last"), Map.of(), Map.of(), Optional.empty());

  private final StrayWords words;
  private final Problems problems;

  StepsReader(StrayWords words) {
    this.words = words;
    this.problems = words.problems();
  }

  Optional<Steps> read(Section entry, Optional<ModelReference> model) {
    Optional<Node> value = entry.value(KEY);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    int line = entry.lineOf(KEY);
    problems.addIf(
        model.isPresent() && !model.get().isPattern(),
        line,
        "`steps` chooses among the folders of a pattern, and %s is one model; remove it"
            .formatted(model.map(ModelReference::path).orElse("")));
    if (!(value.get() instanceof MapNode map)) {
      problems.add(
          line,
          "`steps` is %s, must be a mapping, for example {every: 1000, last: 20}"
              .formatted(value.get().shown()));
      return Optional.empty();
    }
    Section steps = new Section(map, STEPS, words);
    long from = whole(steps, "from", 0, 0);
    long to = whole(steps, "to", 0, Long.MAX_VALUE);
    long every = whole(steps, "every", 1, 1);
    long last = whole(steps, "last", 1, Integer.MAX_VALUE);
    problems.addIf(to < from, line, "`steps` go from %s to %s; exchange them".formatted(from, to));
    return to < from
        ? Optional.empty()
        : Optional.of(new Steps(from, to, every, (int) Math.min(last, Integer.MAX_VALUE), line));
  }

  private long whole(Section steps, String key, long least, long otherwise) {
    Optional<Node> value = steps.value(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    Optional<Double> number =
        value.get() instanceof ScalarNode scalar ? scalar.number() : Optional.empty();
    boolean fits =
        number.filter(it -> it == Math.rint(it) && it >= least && it < 1L << 53).isPresent();
    problems.addIf(
        !fits,
        steps.lineOf(key),
        "`%s` is %s, must be a whole number from %s up".formatted(key, value.get().shown(), least));
    return fits ? number.get().longValue() : otherwise;
  }
}
