package dev.stockpot.merge.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the merges in what a user wrote: documents one behind the other, as mergekit-multi has
 * them, or, in a single one, a mapping or a list under {@code stages}.
 */
final class StageReader {
  private static final String STAGES = "stages";
  private static final String NAME = "name";
  private static final String ROUNDING = "rounding";
  private static final String EXACT = "exact";
  private static final String WRITTEN = "written";

  private final Problems problems;
  private final List<Document> documents = new ArrayList<>();
  private boolean isExact;
  private int place;

  /**
   * One merge.
   *
   * @param name if it has one
   * @param body what it says beside that
   * @param place of the document that it stands in, from 0
   */
  record Document(Optional<String> name, int line, MapNode body, int place) {}

  StageReader(Problems problems) {
    this.problems = problems;
  }

  /** Reads all documents of a file. */
  List<Document> read(List<Node> trees) {
    for (place = 0; place < trees.size(); place++) {
      Node tree = trees.get(place);
      boolean isEmpty = tree instanceof ScalarNode scalar && scalar.isNull();
      if (isEmpty && trees.size() > 1) {
        continue; // a line of dashes at the end
      }
      if (tree instanceof MapNode map) {
        document(map, trees.size() == 1);
      } else {
        problems.add(tree.line(), "a recipe must be a mapping; start with `merge_method: linear`");
      }
    }
    checkNames();
    return documents;
  }

  /** Whether what stages make is not to be rounded. */
  boolean isExact() {
    return isExact;
  }

  private void document(MapNode map, boolean isOnly) {
    Optional<MapNode.Entry> stages = map.entry(STAGES);
    boolean hasInner = stages.isPresent() && !(stages.get().value() instanceof ScalarNode);
    MapNode body = without(map, STAGES);
    if (stages.isPresent()) {
      stages(stages.get(), isOnly);
    }
    if (isOnly && !hasInner) {
      documents.add(new Document(Optional.empty(), map.line(), body, place)); // its name is told
    } else if (!hasInner || !without(body, NAME).entries().isEmpty()) {
      documents.add(new Document(name(map), map.line(), without(body, NAME), place));
    }
  }

  private void stages(MapNode.Entry entry, boolean isOnly) {
    if (entry.value() instanceof ScalarNode scalar) {
      rounding(scalar, entry.line());
      if (isOnly) {
        problems.tell(entry.line(), "`stages` says how stages are rounded, and there are none");
      }
    } else if (entry.value() instanceof MapNode map) {
      for (MapNode.Entry stage : map.entries()) {
        if (stage.value() instanceof MapNode body) {
          documents.add(
              new Document(Optional.of(stage.key()), stage.line(), without(body, NAME), place));
        } else if (stage.key().equals(ROUNDING) && stage.value() instanceof ScalarNode scalar) {
          rounding(scalar, stage.line());
        } else {
          problems.add(
              stage.line(), "stage `%s` must be a mapping, a recipe".formatted(stage.key()));
        }
      }
    } else {
      for (Node stage : ((ListNode) entry.value()).elements()) {
        if (stage instanceof MapNode body) {
          Optional<String> name = name(body);
          problems.addIf(
              name.isEmpty(), body.line(), "this stage has no `name`; give it one to take it by");
          documents.add(new Document(name, body.line(), without(body, NAME), place));
        } else {
          problems.add(
              stage.line(),
              "an element of `stages` is %s, must be a mapping, a recipe".formatted(stage.shown()));
        }
      }
    }
  }

  private void rounding(ScalarNode word, int line) {
    isExact |= word.text().equals(EXACT);
    problems.addIf(
        !word.text().equals(EXACT) && !word.text().equals(WRITTEN),
        line,
        "`stages` is %s, must be `written`, as if each were stored, or `exact`, not rounded at all"
            .formatted(word.shown()));
  }

  private Optional<String> name(MapNode map) {
    Optional<MapNode.Entry> entry = map.entry(NAME);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    boolean isName =
        entry.get().value() instanceof ScalarNode scalar && ModelReader.isPath(scalar.text());
    if (!isName || !isPlain(new ModelReference(text(entry.get()), 0))) {
      problems.add(
          entry.get().line(),
          "`name` must be a word that models can be named by: no pattern, and without a plus, behind which adapters stand");
      return Optional.empty();
    }
    return Optional.of(new ModelReference(text(entry.get()), 0).path());
  }

  private static boolean isPlain(ModelReference name) {
    return !name.isPattern() && name.adapters().isEmpty();
  }

  private static String text(MapNode.Entry entry) {
    return ((ScalarNode) entry.value()).text();
  }

  private void checkNames() {
    Map<String, Integer> lines = new LinkedHashMap<>();
    List<Integer> unnamed = new ArrayList<>();
    for (Document document : documents) {
      if (document.name().isEmpty()) {
        unnamed.add(document.line());
      } else {
        Integer earlier = lines.putIfAbsent(document.name().get(), document.line());
        problems.addIf(
            earlier != null,
            document.line(),
            "stage `%s` is there twice, here and in line %s; rename one"
                .formatted(document.name().get(), earlier));
      }
    }
    problems.addIf(
        unnamed.size() > 1,
        unnamed.size() > 1 ? unnamed.get(1) : 0,
        "two merges have no `name`, here and in line %s: one is written, so name the other and take it as a model, or give each its own file"
            .formatted(unnamed.isEmpty() ? 0 : unnamed.get(0)));
  }

  private static MapNode without(MapNode map, String key) {
    return new MapNode(
        map.entries().stream().filter(entry -> !entry.key().equals(key)).toList(), map.line());
  }
}
