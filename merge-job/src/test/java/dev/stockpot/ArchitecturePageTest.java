package dev.stockpot;

import static java.util.Map.entry;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page that shows how packages may use each other is right. */
class ArchitecturePageTest {
  @Test
  void documentShowsTheArrows() throws IOException {
    List<String> arrows =
        Arrows.ALL.entrySet().stream()
            .filter(entry -> !entry.getValue().isEmpty())
            .map(entry -> line(shown(entry.getKey()), entry.getValue().stream()))
            .toList();
    String page = Files.readString(Path.of("../docs/architecture.md"));
    Stream<String> shown =
        Pattern.compile("(?m)^([a-z.]+) -> (.+)$")
            .matcher(page)
            .results()
            .map(arrow -> line(arrow.group(1), Stream.of(arrow.group(2).split(", "))));
    assertThat(shown)
        .as("arrows in docs/architecture.md, without those of packages that use none")
        .containsExactlyInAnyOrderElementsOf(arrows);
  }

  private static String line(String from, Stream<String> to) {
    return to.map(ArchitecturePageTest::shown).sorted().collect(joining(", ", from + " -> ", ""));
  }

  /** As the document writes it; {@code *} stands for a package and all below it. */
  private static String shown(String name) {
    return name.replace("kernels..", "kernels.*").replace("merge.", "").replace("..", "");
  }
}
