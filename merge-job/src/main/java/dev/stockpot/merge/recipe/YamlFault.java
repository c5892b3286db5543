package dev.stockpot.merge.recipe;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * What is wrong with a text that is no YAML, in the words of who wrote it. Most often it is how
 * lines are indented.
 *
 * @param line from 1; 0 if it is not known
 */
record YamlFault(int line, String message) {
  private static final String STRAY = "expected <block end>, but found";
  private static final String COLON = "mapping values are not allowed";
  private static final String TAB = "\\t(TAB)";
  private static final String NO_COLON = "could not find expected ':'";

  static YamlFault of(MarkedYamlEngineException fault) {
    Optional<Mark> at = fault.getProblemMark();
    String problem = String.valueOf(fault.getProblem());
    int column = at.map(Mark::getColumn).orElse(0);
    return new YamlFault(
        at.map(mark -> mark.getLine() + 1).orElse(0),
        words(problem, column, fault.getContextMark())
            .orElseGet(
                () ->
                    "not YAML%s: %s"
                        .formatted(at.isEmpty() ? "" : " at column " + (column + 1), problem)));
  }

  private static Optional<String> words(String problem, int column, Optional<Mark> block) {
    if (problem.startsWith(STRAY) && block.isPresent() && column != block.get().getColumn()) {
      return Optional.of(
          "this line is indented by %s, and line %s, which begins the list or mapping that it should go on with, by %s; indent both alike, or further if it belongs to the line above"
              .formatted(
                  spaces(column), block.get().getLine() + 1, spaces(block.get().getColumn())));
    }
    if (problem.startsWith(STRAY)) {
      return Optional.of(
          "this line belongs neither to the line above nor to a list or mapping around it; begin entries of a list with `- `, and entries of a mapping with `key: `");
    }
    if (problem.contains(COLON)) {
      return Optional.of(
          "a second `:` at column %s; put text with a colon in quotes, and if the line should go on with those above, indent it as they are"
              .formatted(column + 1));
    }
    if (problem.contains(TAB)) {
      return Optional.of("a tab at column %s; indent with spaces alone".formatted(column + 1));
    }
    return problem.contains(NO_COLON)
        ? Optional.of(
            "the line above has no `:`, or is indented less than it should be; write `key: value`")
        : Optional.empty();
  }

  private static String spaces(int count) {
    return count == 1 ? "1 space" : count + " spaces";
  }
}
