package dev.stockpot.merge.storage.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntriesTest {
  @TempDir private Path folder;

  private Entries entries() throws IOException {
    return Entries.of(new Location(folder.toString()));
  }

  @Test
  void entriesComeByName() throws IOException {
    Files.createDirectory(folder.resolve("b"));
    Files.writeString(folder.resolve("c"), "");
    Files.writeString(folder.resolve("a"), "");

    assertThat(entries().spelled()).extracting(Location::name).containsExactly("a", "b", "c");
    assertThat(entries().unspelled()).isEmpty();
  }

  @Test
  void aNameThatIsNoTextIsLeftOutAndTold() throws Exception {
    Files.writeString(folder.resolve("a"), "");
    Process made =
        new ProcessBuilder(
                "sh", "-c", ": > \"$1/$(printf 'b\\377le.txt')\"", "sh", folder.toString())
            .inheritIO()
            .start();
    assertThat(made.waitFor()).isZero();

    assertThat(entries().spelled()).extracting(Location::name).containsExactly("a");
    assertThat(entries().unspelled()).singleElement().asString().startsWith("b").endsWith("le.txt");
    assertThat(new LocalStore().list(new Location(folder.toString()))).hasSize(1);
    assertThat(new LocalStore().unspelled(new Location(folder.toString()))).hasSize(1);
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Location absent = new Location(folder.resolve("x").toString());

    assertThatThrownBy(() -> Entries.of(absent))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(absent.path());
  }
}
