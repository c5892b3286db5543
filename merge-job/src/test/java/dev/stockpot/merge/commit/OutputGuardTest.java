package dev.stockpot.merge.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An output is nothing that is read, and nowhere that somebody stands. */
class OutputGuardTest {
  @TempDir private Path folder;

  @BeforeEach
  void makeAModel() throws IOException {
    Files.createDirectories(folder.resolve("models/a"));
  }

  private Location at(String path) {
    return new Location(folder.resolve(path).toString());
  }

  private OutputGuard guard(String output) {
    return new OutputGuard(at(output)).folder("the model a", at("models/a"));
  }

  @ParameterizedTest
  @CsvSource({"models/a, is", "models, holds", "models/a/merged, 'lies in'"})
  void refusesAnOutputThatIsHoldsOrLiesInAModel(String output, String how) {
    assertThatThrownBy(() -> guard(output).check())
        .isInstanceOf(UserException.class)
        .hasMessage(
            "%s %s the model a, whose place is %s. Name another folder for the output",
            at(output), how, folder.resolve("models/a"));
  }

  @Test
  void takesAFolderBesideAModel() {
    assertThatCode(() -> guard("models/ab").check()).doesNotThrowAnyException();
  }

  @Test
  void refusesAFolderInWhichAFileThatIsReadLies() throws IOException {
    Files.createDirectories(folder.resolve("work"));
    Path recipe = Files.writeString(folder.resolve("work/recipe.yml"), "");

    assertThatThrownBy(() -> guard("work").file("the recipe", at("work/recipe.yml")).check())
        .hasMessageStartingWith("%s holds the recipe, whose place is %s.", at("work"), recipe);
    assertThatCode(() -> guard("work/out").file("the recipe", at("work/recipe.yml")).check())
        .doesNotThrowAnyException();
  }

  @Test
  void refusesAFolderInWhichTheBytesOfALinkedFileLie() throws IOException {
    Path blob = Files.createDirectories(folder.resolve("cache/blobs")).resolve("0123");
    Files.writeString(blob, "weights");
    Files.createSymbolicLink(folder.resolve("models/a/model.safetensors"), blob);

    assertThatThrownBy(() -> guard("cache").check())
        .hasMessage(
            "%s holds %s, where a link in the model a leads. Name another folder for the output",
            at("cache"), blob);
    assertThatCode(() -> guard("cache/merged").check()).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"., is the working folder", "./.., holds the working folder"})
  void refusesTheWorkingFolderAndThoseAbove(String output, String how) {
    assertThatThrownBy(() -> new OutputGuard(new Location(output)).check())
        .hasMessageStartingWith("%s %s", output, how);
  }

  @Test
  void refusesHomeAndTheRoot() {
    String home = System.getProperty("user.home");

    assertThatThrownBy(() -> new OutputGuard(new Location(home)).check())
        .hasMessageContaining("is your home folder");
    assertThatThrownBy(() -> new OutputGuard(new Location("/")).check())
        .hasMessageContaining("/ holds the working folder")
        .hasMessageContaining("/ holds your home folder");
  }

  @Test
  void refusesAKeyThatIsHoldsOrLiesInAModelOfTheBucket() {
    for (String output :
        new String[] {"s3://b/models/x/", "s3a://b/models", "s3a://b/models/x/y"}) {
      OutputGuard guard = new OutputGuard(new Location(output));
      guard.folder("the model x", new Location("s3a://b/models/x"));
      assertThatThrownBy(guard::check)
          .as(output)
          .hasMessageContaining("the model x, whose place is s3a://b/models/x");
    }
    OutputGuard apart = new OutputGuard(new Location("s3a://b/models/xy"));
    assertThat(apart.folder("the model x", new Location("s3a://b/models/x"))).isSameAs(apart);
    assertThatCode(apart::check).doesNotThrowAnyException();
  }
}
