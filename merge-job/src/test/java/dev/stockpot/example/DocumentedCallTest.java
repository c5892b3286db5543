package dev.stockpot.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The call that docs/library.md shows is the one that is compiled here, and run in a session. */
class DocumentedCallTest {
  private static final Path PAGE = Path.of("../docs/library.md");
  private static final Path CODE =
      Path.of("src/test/java/dev/stockpot/example/MergeInYourSession.java");

  @Test
  void isTheCodeThatIsRunInATest() throws IOException {
    List<String> page = Files.readAllLines(PAGE);
    int begin = page.indexOf("```java") + 1;
    List<String> shown =
        page.subList(begin, begin + page.subList(begin, page.size()).indexOf("```"));
    List<String> code =
        Files.readAllLines(CODE).stream()
            .map(line -> line.startsWith("    ") ? line.substring(4) : line)
            .toList();

    assertThat(shown).hasSizeGreaterThan(10);
    assertThat(code).containsSubsequence(shown);
  }
}
