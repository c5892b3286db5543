package dev.stockpot.merge.settings;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files a recipe is made of, and which can be one. */
class SourceFilesTest {
  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void makeAFolderBesideAnother() throws IOException {
    folder = Files.createDirectory(temporary.resolve("recipes"));
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void aFileThatIncludesNoneIsAlone() throws IOException {
    Path file = write("r.conf", "a = 1\n");
    assertThat(SourceFiles.of(file)).containsExactly(file);
    assertThat(SourceFiles.of(write("empty.conf", "")))
        .containsExactly(folder.resolve("empty.conf"));
  }

  @Test
  void includedFilesComeFirstInTheirOrderEachOnce() throws IOException {
    Path deep = write("more/deep.conf", "c = 3\n");
    Path second = write("second.conf", "b = 2\n");
    Path first = write("first.conf", "include \"more/deep.conf\"\n");
    Path file =
        write(
            "r.conf",
            "include \"first.conf\"\ninclude file(\"second.conf\")\ninclude \"more/deep.conf\"\n");
    assertThat(SourceFiles.of(file)).containsExactly(first, deep, second, file);
  }

  @Test
  void whatAnIncludedFileSaysYieldsToWhatComesBehind() throws IOException {
    write("more/s.conf", "stockpot { tasks = 3, seed = 3 }\n");
    Path file = write("s.conf", "include \"more/s.conf\"\nstockpot.seed = 4\n");
    Settings settings = Settings.load(Map.of(), Optional.of(file));
    assertThat(settings.tasks()).isEqualTo(3);
    assertThat(settings.seed()).isEqualTo(4);
  }

  @Test
  void textFromElsewhereIncludesNothing() throws IOException {
    write("a.conf", "stockpot.seed = 4\n");
    assertThatThrownBy(
            () -> Settings.load(Map.of(), "s3a://x/s.conf", "include \"a.conf\"\nstockpot {}\n"))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Settings: s3a://x/s.conf: include \"a.conf\": only files of this machine include"
                + " others; write it as one file");
    assertThatThrownBy(() -> HoconTree.parse("s3a://x/r.conf", "include \"a.conf\"\n"))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "s3a://x/r.conf: include \"a.conf\": only files of this machine include others; write"
                + " it as one file");
  }

  @Test
  void settingsFromElsewhereAreReadAndKnowTheirPlace() {
    Settings settings =
        Settings.load(Map.of("tasks", "2"), "s3a://x/s.conf", "stockpot { seed = 5, tasks = 9 }");
    assertThat(settings.seed()).isEqualTo(5);
    assertThat(settings.tasks()).isEqualTo(2);
    assertThatThrownBy(() -> Settings.load(Map.of(), "s3a://x/s.conf", "seed = 5"))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Settings file s3a://x/s.conf has no `stockpot { … }`; put its settings between such"
                + " braces");
  }

  @Test
  void aFolderThatBeginsAlikeIsAnother() throws IOException {
    Path beside = Files.createDirectory(temporary.resolve("recipes2"));
    Files.writeString(beside.resolve("x.conf"), "a = 1\n");
    Path file = write("r.conf", "include \"../recipes2/x.conf\"\n");
    assertThatThrownBy(() -> SourceFiles.of(file))
        .hasMessageContaining(
            "include \"../recipes2/x.conf\": leads out of the folder of who includes it");
  }

  @Test
  void aPathThatComesBackIsWithin() throws IOException {
    Path other = write("x.conf", "a = 1\n");
    Path file = write("r.conf", "include \"more/../x.conf\"\n");
    assertThat(SourceFiles.of(file)).containsExactly(other, file);
  }

  @Test
  void aFolderIsNoFileToInclude() throws IOException {
    Files.createDirectory(folder.resolve("more"));
    Path file = write("r.conf", "include \"more\"\n");
    assertThatThrownBy(() -> SourceFiles.of(file))
        .hasMessageContaining("there is no file " + folder.resolve("more"));
  }

  @Test
  void textIsUtf8OfAtMostFourMegabytes() throws IOException {
    Path file = write("r.conf", "#".repeat(4 << 20));
    assertThat(Hocon.text(file)).hasSize(4 << 20);
    Files.writeString(file, "#".repeat((4 << 20) + 1));
    assertThatThrownBy(() -> Hocon.text(file))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "%s has more than 4194304 bytes, which nobody writes; is it the right file?"
                .formatted(file));
    Files.write(file, "a = é".getBytes(ISO_8859_1));
    assertThatThrownBy(() -> Hocon.text(file))
        .isInstanceOf(UserException.class)
        .hasMessage("%s is not UTF-8 text; is it the right file?".formatted(file));
    Files.writeString(file, "a = é");
    assertThat(Hocon.text(file)).isEqualTo("a = é");
  }

  @Test
  void whatCannotBeReadIsNamed() {
    assertThatThrownBy(() -> Hocon.text(folder.resolve("none.conf")))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("%s cannot be read: ".formatted(folder.resolve("none.conf")));
    assertThatThrownBy(() -> Hocon.text(folder))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("%s cannot be read: ".formatted(folder));
  }
}
