package dev.stockpot.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for the sources of this module as a whole. */
class SourcesTest {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern PUBLIC_TYPE = Pattern.compile("(?m)^public ");

  private record Source(Path file, String text) {
    long lines() {
      return text.lines().count();
    }

    boolean isPublic() {
      return PUBLIC_TYPE.matcher(text).find();
    }
  }

  private static List<Source> sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("package-info.java"))
          .map(file -> new Source(SOURCES.relativize(file), read(file)))
          .toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void noFileHasMoreThan300Lines() throws IOException {
    assertThat(sources()).isNotEmpty();
    assertThat(sources().stream().filter(source -> source.lines() > 300).map(Source::file))
        .isEmpty();
  }

  @Test
  void nineFilesOfTenHaveFewerThan170Lines() throws IOException {
    List<Source> long170 = sources().stream().filter(source -> source.lines() >= 170).toList();

    assertThat(10 * long170.size())
        .as(
            "ten times the files of 170 lines and more: %s",
            long170.stream().map(Source::file).toList())
        .isLessThanOrEqualTo(sources().size());
  }

  @Test
  void atMostFortyPerCentOfTheTypesArePublic() throws IOException {
    List<Source> open = sources().stream().filter(Source::isPublic).toList();

    assertThat(100 * open.size())
        .as("a hundred times the %s public types of %s", open.size(), sources().size())
        .isLessThanOrEqualTo(40 * sources().size());
  }
}
