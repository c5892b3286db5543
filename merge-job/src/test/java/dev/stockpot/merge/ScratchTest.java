package dev.stockpot.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose scratch stays, and whose goes; a dead process is one that holds no lock. */
class ScratchTest {
  @TempDir private Path folder;

  private Path left(String name) throws IOException {
    Path scratch = Files.createDirectory(folder.resolve("stockpot-scratch-" + name));
    Files.createFile(folder.resolve("stockpot-scratch-" + name + ".lock"));
    Files.createDirectories(scratch.resolve("blockmgr-1/0c"));
    Files.write(scratch.resolve("blockmgr-1/0c/temp"), new byte[10]);
    return scratch;
  }

  @Test
  void aProcessHasOneInAFolder() {
    Path mine = Scratch.in(folder).orElseThrow();

    assertThat(mine).isEmptyDirectory().hasParent(folder);
    assertThat(Scratch.in(folder)).hasValue(mine);
  }

  @Test
  void itsOwnStaysWhateverIsSwept() throws IOException {
    Path mine = Scratch.in(folder).orElseThrow();
    Files.write(mine.resolve("block"), new byte[3]);

    Scratch.sweep(folder);
    assertThat(mine.resolve("block")).exists();
  }

  @Test
  void whatTheDeadLeftGoesWithAllThatIsInIt() throws IOException {
    Path dead = left("dead");

    Scratch.sweep(folder);
    assertThat(dead).doesNotExist();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void itGoesAlsoWhenTheNextProcessWantsSome() throws IOException {
    Path dead = left("dead");
    Path mine = Scratch.in(folder).orElseThrow();

    assertThat(dead).doesNotExist();
    assertThat(mine).exists();
  }

  @Test
  void linksInItAreRemovedAndNotFollowed() throws IOException {
    Path mine = Files.createFile(Files.createDirectory(folder.resolve("photos")).resolve("a.jpg"));
    Path dead = left("dead");
    Files.createSymbolicLink(dead.resolve("link"), mine.getParent());

    Scratch.sweep(folder);
    assertThat(dead).doesNotExist();
    assertThat(mine).exists();
  }

  @Test
  void aLinkInItsPlaceIsNotFollowed() throws IOException {
    Path mine = Files.createFile(Files.createDirectory(folder.resolve("photos")).resolve("a.jpg"));
    Files.createSymbolicLink(folder.resolve("stockpot-scratch-evil"), mine.getParent());
    Files.createFile(folder.resolve("stockpot-scratch-evil.lock"));

    Scratch.sweep(folder);
    assertThat(mine).exists();
  }

  @Test
  void whatHasNoLockBesideItIsNoneOfOurs() throws IOException {
    Path other = Files.createDirectory(folder.resolve("stockpot-scratch-of-mine"));
    Path spark = Files.createDirectory(folder.resolve("spark-1"));

    Scratch.sweep(folder);
    assertThat(other).exists();
    assertThat(spark).exists();
  }

  @Test
  void whereThereCanBeNoneThereIsNone() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThat(Scratch.in(file)).isEmpty();
    Scratch.sweep(file);
    Scratch.sweep(folder.resolve("absent"));
  }
}
