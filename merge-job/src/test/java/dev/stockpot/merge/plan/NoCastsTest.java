package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Kinds of work and of sources have behaviour: nobody asks which kind there is. */
class NoCastsTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/stockpot/merge");
  private static final List<String> ROOMS =
      List.of("plan", "part", "engine", "spark", "cli", "report", "run", "commit");
  private static final String KINDS =
      "(TensorWork|Copy|Blockwise|Look|Whole|Generate"
          + "|TensorSource|Stored|View|Joined|Section|Transposed|Made)";
  private static final Pattern QUESTION =
      Pattern.compile(
          "instanceof\\s+"
              + KINDS
              + "\\b|\\("
              + KINDS
              + "\\)\\s*[\\w(]|\\b"
              + KINDS
              + "\\.class\\b");

  @Test
  void nobodyAsksForTheKindOfAWorkOrOfASource() throws IOException {
    List<String> found = new ArrayList<>();
    for (String room : ROOMS) {
      try (Stream<Path> files = Files.walk(SOURCES.resolve(room))) {
        for (Path file : files.filter(any -> any.toString().endsWith(".java")).toList()) {
          QUESTION
              .matcher(Files.readString(file))
              .results()
              .forEach(match -> found.add("%s: %s".formatted(file, match.group())));
        }
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void wouldFindOne() {
    assertThat("if (work instanceof Blockwise merge) {").containsPattern(QUESTION);
    assertThat("Copy copy = (Copy) work;").containsPattern(QUESTION);
    assertThat("works.filter(Whole.class::isInstance)").containsPattern(QUESTION);
    assertThat("Visitor<R> blockwise(Blockwise work);").doesNotContainPattern(QUESTION);
  }
}
