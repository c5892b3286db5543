package dev.stockpot.merge.recipe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads {@code statistics}: where the side inputs of a method lie, by their kinds. */
final class StatisticsReader {
  private final Problems problems;

  StatisticsReader(Problems problems) {
    this.problems = problems;
  }

  Map<String, ModelReference> read(Section section) {
    Map<String, ModelReference> statistics = new LinkedHashMap<>();
    Optional<MapNode> map = section.map("statistics");
    if (map.isEmpty()) {
      return statistics;
    }
    problems.addIf(
        map.get().entries().isEmpty(),
        section.lineOf("statistics"),
        "`statistics` is empty; name at least one, or remove the line");
    for (MapNode.Entry entry : map.get().entries()) {
      Optional<ModelReference> place = place(entry);
      place.ifPresent(there -> statistics.put(entry.key(), there));
      problems.addIf(
          place.isEmpty(),
          entry.line(),
          "`%s` must be the path of a file or folder of safetensors, and no pattern"
              .formatted(entry.key()));
    }
    return statistics;
  }

  private static Optional<ModelReference> place(MapNode.Entry entry) {
    if (entry.value() instanceof ScalarNode scalar && ModelReader.isPath(scalar.text())) {
      return Optional.of(new ModelReference(scalar.text(), entry.line()))
          .filter(reference -> !reference.isPattern());
    }
    return Optional.empty();
  }
}
