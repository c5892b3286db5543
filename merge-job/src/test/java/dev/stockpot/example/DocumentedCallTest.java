package dev.stockpot.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The calls that docs/library.md shows are those that are compiled here, and run in a session. */
class DocumentedCallTest {
  private static final Path PAGE = Path.of("../docs/library.md");
  private static final Path CODE = Path.of("src/test/java/dev/stockpot/example");

  @Test
  void areTheCodeThatIsRunInTests() throws IOException {
    List<String> page = Files.readAllLines(PAGE);
    for (String example : List.of("MergeInYourSession.java", "MergesInOneReading.java")) {
      page = page.subList(page.indexOf("```java") + 1, page.size());
      List<String> shown = page.subList(0, page.indexOf("```"));
      List<String> code =
          Files.readAllLines(CODE.resolve(example)).stream()
              .map(line -> line.startsWith("    ") ? line.substring(4) : line)
              .toList();
      assertThat(shown).as(example).hasSizeGreaterThan(10);
      assertThat(code).as(example).containsSubsequence(shown);
    }
    assertThat(page).doesNotContain("```java");
  }
}
