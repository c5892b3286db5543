package dev.stockpot.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for the sources of each module as a whole. */
class SourcesTest {
  private static final Path PROJECT = Path.of("..");
  private static final Pattern PUBLIC_TYPE = Pattern.compile("(?m)^public ");
  private static final String TEXT = "\"(?:[^\"\\\\\n]|\\\\.)*";

  /** A number formatted as the language of the machine has it: with commas, or other digits. */
  private static final Pattern LOCAL_NUMBER =
      Pattern.compile(
          TEXT
              + "%[-,+0]*\\d*(?:\\.\\d+)?[deEfgxX]"
              + TEXT.substring(1)
              + "\"(?:\\s*\\+\\s*"
              + TEXT
              + "\")*\\s*\\)?\\s*(?:\\.|::)formatted");

  /** A line that is blank or of a comment. */
  private static final Pattern NO_CODE = Pattern.compile("\\s*(?:(?://|\\*|/\\*).*)?");

  private static final Pattern LEFT_TO_DO = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");

  private record Source(Path file, String text) {
    long lines() {
      return text.lines().count();
    }

    long linesOfCode() {
      return text.lines().filter(line -> !NO_CODE.matcher(line).matches()).count();
    }

    boolean isPublic() {
      return PUBLIC_TYPE.matcher(text).find();
    }

    boolean hasLocalNumbers() {
      return LOCAL_NUMBER.matcher(text).find();
    }

    boolean isUnfinished() {
      return LEFT_TO_DO.matcher(text).find();
    }
  }

  private static List<Source> sources(String folder) {
    Path root = PROJECT.resolve(folder);
    try (Stream<Path> files = Files.walk(root)) {
      List<Source> sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.endsWith("package-info.java"))
              .filter(file -> !file.endsWith("SourcesTest.java")) // has the words that it forbids
              .map(file -> new Source(root.relativize(file), read(file)))
              .toList();
      assertThat(sources).isNotEmpty();
      return sources;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Source> main(String module) {
    return sources(module + "/src/main/java");
  }

  private static List<Path> files(Stream<Source> sources) {
    return sources.map(Source::file).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kernels/src/main/java",
        "kernels/src/test/java",
        "merge-job/src/main/java",
        "merge-job/src/test/java"
      })
  void noFileHasMoreThan300Lines(String folder) {
    assertThat(files(sources(folder).stream().filter(source -> source.lines() > 300))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"kernels", "merge-job"})
  void nineFilesOfTenHaveFewerThan170Lines(String module) {
    List<Path> long170 = files(main(module).stream().filter(source -> source.lines() >= 170));

    assertThat(10 * long170.size())
        .as("ten times the files of 170 lines and more: %s", long170)
        .isLessThanOrEqualTo(main(module).size());
  }

  /** Comments are longer in what is tested, as its users read them. */
  @Test
  void testsHaveAsManyLinesOfCodeAsWhatTheyTest() {
    assertThat(linesOfCode("kernels/src/test/java", "merge-job/src/test/java"))
        .isGreaterThanOrEqualTo(linesOfCode("kernels/src/main/java", "merge-job/src/main/java"));
  }

  private static long linesOfCode(String... folders) {
    return Stream.of(folders)
        .flatMap(folder -> sources(folder).stream())
        .mapToLong(Source::linesOfCode)
        .sum();
  }

  @ParameterizedTest
  @ValueSource(strings = {"kernels", "merge-job"})
  void atMostFortyPerCentOfTheTypesArePublic(String module) {
    List<Source> all = main(module);
    long open = all.stream().filter(Source::isPublic).count();

    assertThat(100 * open)
        .as("a hundred times the %s public types of %s", open, all.size())
        .isLessThanOrEqualTo(40L * all.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kernels/src/main/java",
        "kernels/src/test/java",
        "merge-job/src/main/java",
        "merge-job/src/test/java"
      })
  void nothingIsLeftToDo(String folder) {
    assertThat(files(sources(folder).stream().filter(Source::isUnfinished))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"kernels", "merge-job"})
  void numbersAreSpelledAlikeInEveryLanguage(String module) {
    assertThat(files(main(module).stream().filter(Source::hasLocalNumbers))).isEmpty();
  }

  @Test
  void seesNumbersOfTheMachinesLanguage() {
    for (String local :
        List.of(
            "a = \"%05d of %s\".formatted(1, b);",
            "a = (\"it is %.2f\"\n + \" long\")\n .formatted(1.0);", "map(\"%.3g\"::formatted)")) {
      assertThat(new Source(Path.of("A.java"), local).hasLocalNumbers()).as(local).isTrue();
    }
    for (String plain :
        List.of(
            "a = \"%s of %s\".formatted(1, b);",
            "a = String.format(Locale.ROOT, \"%05d\", 1);", "a = \"100 %% done\".formatted();")) {
      assertThat(new Source(Path.of("A.java"), plain).hasLocalNumbers()).as(plain).isFalse();
    }
  }

  @Test
  void seesWhatIsPublicAndWhatIsUnfinished() {
    Source open = new Source(Path.of("A.java"), "/** A. */\npublic record A() {}\n");
    Source closed = new Source(Path.of("B.java"), "final class B {\n  public int b; // TODO\n}\n");
    assertThat(open.isPublic()).isTrue();
    assertThat(closed.isPublic()).isFalse();
    assertThat(open.isUnfinished()).isFalse();
    assertThat(closed.isUnfinished()).isTrue();
    assertThat(closed.lines()).isEqualTo(3);
    assertThat(open.linesOfCode()).isEqualTo(1);
    assertThat(new Source(Path.of("C.java"), "/**\n * C.\n */\n\n  // c\nint c; // c\n"))
        .returns(1L, Source::linesOfCode);
  }
}
