package dev.stockpot.merge.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.recipe.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The library that reads HOCON has no limits of its own: each of these ended it, or took for ever.
 */
class HoconLimitsTest {
  @TempDir private Path folder;

  private static void refused(String text, String message) {
    assertThatThrownBy(
            () ->
                assertTimeoutPreemptively(
                    Duration.ofMinutes(1), () -> HoconTree.parse("r.conf", text)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }

  private static Node parsed(String text) {
    return HoconTree.parse("r.conf", text);
  }

  @Test
  void nestingIsNotEndless() {
    refused("a = " + "[".repeat(3_000) + "]".repeat(3_000), "nested deeper than 32");
    refused("{a:".repeat(3_000), "nested deeper than 32");
    refused("a {\n".repeat(33), "r.conf:33: braces and brackets are nested deeper than 32");
    assertThat(parsed("a {".repeat(20) + "}".repeat(20))).isNotNull();
  }

  @Test
  void pathsAreNotEndless() {
    refused("a.".repeat(100_000) + "b = 1", "a path has more than 64 parts between dots");
    refused("x = ${" + "a.".repeat(100_000) + "b}", "a path has more than 64 parts between dots");
  }

  @Test
  void substitutionsAreCounted() {
    refused("a = 1\nb = [" + "${a},".repeat(20_000) + "]", "more than 1000 substitutions");
    refused("a = []\n" + "a += 1\n".repeat(20_000), "more than 1000 substitutions");
  }

  @Test
  void tenTimesTenTimesTenIsTooMuchThoughItIsShort() {
    StringBuilder text = new StringBuilder("x0 = 1\n");
    for (int i = 1; i <= 10; i++) {
      text.append("x%s = [%s]\n".formatted(i, "${x%s},".formatted(i - 1).repeat(10)));
    }
    refused(text.toString(), "its substitutions come to more than 100000 values");
  }

  @Test
  void whatDoublesItselfIsTooMuch() {
    refused("a = [1]\n" + "a = ${a} ${a}\n".repeat(40), "come to more than 100000 values");
  }

  @Test
  void nestedPathsHideNothing() {
    StringBuilder text = new StringBuilder("r.x0.v = 1\n");
    for (int i = 1; i <= 10; i++) {
      text.append("r { x%s { v = [%s] } }\n".formatted(i, "${r.x%s},".formatted(i - 1).repeat(10)));
    }
    refused(text.toString(), "come to more than 100000 values");
  }

  @Test
  void whatIsWrittenByHandIsTaken() {
    String text =
        """
        # a comment with ${nothing} and {{{
        base = models/base // another
        common { weight = 0.5, density : 0.7 }
        models = [
          { model = a, parameters = ${common} }
          { model = b, parameters = ${common} { weight = 0.1 } },
          { model = ${base}"/c", parameters { weight = 1 } }
        ]
        models += { model = "d # no comment", parameters = ${common} }
        text = \"\"\"{{{ ${no} \"\"\"
        "quoted.key" = 1
        """;
    assertThat(parsed(text)).isNotNull();
    StringBuilder appended = new StringBuilder("models = []\n");
    for (int i = 0; i < 300; i++) {
      appended.append("models += {model: m%s, parameters: {weight: 1}}\n".formatted(i));
    }
    assertThat(parsed(appended.toString())).isNotNull();
  }

  @Test
  void textThatIsNoneIsRefused() {
    refused("a = 1\0", "has no value (NUL)");
    refused("a = " + "x".repeat(2_000_000), "must be at most 1048576; is it the right file?");
  }

  @Test
  void aFileThatIncludesItselfEnds() throws IOException {
    Path file = Files.writeString(folder.resolve("r.conf"), "a = 1\ninclude \"r.conf\"\n");

    assertThatThrownBy(() -> HoconTree.parse(file.toString(), Files.readString(file), file))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("more than 32 files; does one include itself?");
  }

  @Test
  void filesThatMultiplyWhatOthersMultiplyAreTooMuch() throws IOException {
    StringBuilder main = new StringBuilder("x0 = 1\n");
    for (int i = 1; i <= 8; i++) {
      Files.writeString(
          folder.resolve(i + ".conf"),
          "x%s = [%s]\n".formatted(i, "${x%s},".formatted(i - 1).repeat(10)));
      main.append("include \"%s.conf\"\n".formatted(i));
    }
    Path file = Files.writeString(folder.resolve("r.conf"), main);

    assertThatThrownBy(() -> HoconTree.parse(file.toString(), main.toString(), file))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("come to more than 100000 values");
  }

  @Test
  void aNulInAnIncludedFileIsNamed() throws IOException {
    Files.writeString(folder.resolve("b.conf"), "a = \0");
    Path file = Files.writeString(folder.resolve("r.conf"), "include \"b.conf\"\n");

    assertThatThrownBy(() -> HoconTree.parse(file.toString(), Files.readString(file), file))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("b.conf: character 5 has no value (NUL)");
  }

  @Test
  void settingsHaveTheSameLimitsAndFetchNothing() throws IOException {
    Path deep = Files.writeString(folder.resolve("deep.conf"), "stockpot = " + "[".repeat(3_000));
    assertThatThrownBy(() -> Settings.load(Map.of(), Optional.of(deep)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("nested deeper than 32");
    Path url =
        Files.writeString(
            folder.resolve("url.conf"), "include url(\"http://192.0.2.1/x.conf\")\nstockpot {}\n");
    assertThatThrownBy(() -> Settings.load(Map.of(), Optional.of(url)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("nothing is fetched; put the file into this folder");
  }

  @Test
  void settingsIncludeWhatLiesBesideThem() throws IOException {
    Files.writeString(folder.resolve("more.conf"), "stockpot { part-size = 8MiB }\n");
    Path file = Files.writeString(folder.resolve("s.conf"), "include \"more.conf\"\n");

    assertThat(Settings.load(Map.of(), Optional.of(file))).isNotNull();
    assertThat(SourceFiles.of(file)).hasSize(2);
  }
}
