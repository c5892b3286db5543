package dev.stockpot.merge.adapter;

import dev.stockpot.merge.model.Stored;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an adapter holds for one module.
 *
 * @param name of the module, as the adapter has it
 */
record AdapterModule(String name, Map<AdapterKey.Part, Stored> parts) {
  AdapterModule {
    parts = parts.isEmpty() ? Map.of() : new EnumMap<>(parts);
  }

  Optional<Stored> part(AdapterKey.Part part) {
    return Optional.ofNullable(parts.get(part));
  }

  /** The module as the base calls it. */
  String plain() {
    return AdapterKey.plain(name);
  }

  /** The adapter's tensor, for messages. */
  static String shown(Stored tensor) {
    return "%s %s".formatted(tensor.tensor().name(), tensor.shape());
  }

  /** Its pair of thin matrices, if it has one and all of it. */
  Optional<Pair> pair(AdapterKey.Part a, AdapterKey.Part b, List<String> problems) {
    List<Stored> both = new ArrayList<>();
    part(a).ifPresent(both::add);
    part(b).ifPresent(both::add);
    if (both.size() == 1) {
      problems.add(
          "it holds %s without the other one of the pair. Fetch it again"
              .formatted(shown(both.get(0))));
    }
    if (both.size() < 2) {
      return Optional.empty();
    }
    Pair pair = new Pair(both.get(0), both.get(1));
    if (pair.a().shape().dimensions().size() < 2 || pair.b().shape().dimensions().size() < 2) {
      problems.add(
          "%s and %s are no matrices: they were saved in pieces. Gather them before `save_pretrained`"
              .formatted(shown(pair.a()), shown(pair.b())));
      return Optional.empty();
    }
    return Optional.of(pair);
  }

  /** Two thin matrices: {@code a} has as many rows as {@code b} has columns. */
  record Pair(Stored a, Stored b) {
    long rows() {
      return b.shape().dimensions().get(0);
    }

    long rank() {
      return a.shape().dimensions().get(0);
    }

    /** Elements of one row of a. */
    long columns() {
      return a.shape().columns();
    }

    boolean fit() {
      return rank() > 0 && rank() == b.shape().dimensions().get(1) && b.shape().columns() == rank();
    }

    @Override
    public String toString() {
      return "%s and %s".formatted(shown(a), shown(b));
    }
  }
}
