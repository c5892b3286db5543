package dev.stockpot.merge.storage.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders that go, stay, or are settled with one in their place; links are never followed. */
class FileTreeTest {
  @TempDir private Path root;

  private Path folder(String name, String... entries) throws IOException {
    Path folder = Files.createDirectories(root.resolve(name));
    for (String entry : entries) {
      Path place = folder.resolve(entry);
      if (entry.endsWith("/")) {
        Files.createDirectories(place);
      } else {
        Files.createDirectories(place.getParent());
        Files.writeString(place, name + " " + entry);
      }
    }
    return folder;
  }

  @Test
  void writesAllOfItOverWhatWasThere() throws IOException {
    Path file = Files.writeString(root.resolve("f"), "something longer than that");
    FileTree.write(file, UTF_8.encode("short"));
    FileTree.force(root);
    assertThat(file).hasContent("short");
  }

  @Test
  void entriesAreFilesAndEmptyFoldersAtAnyDepth() throws IOException {
    Path tree = folder("t", "a", "b/c", "b/d/e", "empty/", "b/void/");
    assertThat(FileTree.entries(tree, Integer.MAX_VALUE))
        .containsExactly("a", "b/c", "b/d/e", "b/void/", "empty/");
    assertThat(FileTree.entries(tree, 2)).hasSize(2);
    assertThat(FileTree.entries(root.resolve("none"), 5)).isEmpty();
    assertThat(FileTree.entries(tree.resolve("a"), 5)).isEmpty();
  }

  @Test
  void aLinkIsAnEntryAndNotWhatItLeadsTo() throws IOException {
    Path elsewhere = folder("elsewhere", "secret");
    Path tree = folder("t", "a");
    Files.createSymbolicLink(tree.resolve("link"), elsewhere);
    Files.createSymbolicLink(tree.resolve("nowhere"), root.resolve("gone"));
    assertThat(FileTree.entries(tree, 9)).containsExactly("a", "link", "nowhere");
  }

  @Test
  void aFolderGoesWithLinksAndWithoutWhatTheyLeadTo() throws IOException {
    Path elsewhere = folder("elsewhere", "secret");
    Path tree = folder("t", "a", "b/c/d");
    Files.createSymbolicLink(tree.resolve("b/link"), elsewhere);
    FileTree.delete(tree);
    FileTree.delete(tree); // is no fault
    assertThat(tree).doesNotExist();
    assertThat(elsewhere.resolve("secret")).exists();
  }

  @Test
  void aLinkInThePlaceOfAFolderGoesAlone() throws IOException {
    Path elsewhere = folder("elsewhere", "secret");
    Path link = Files.createSymbolicLink(root.resolve("link"), elsewhere);
    FileTree.delete(link);
    assertThat(Files.exists(link, NOFOLLOW_LINKS)).isFalse();
    assertThat(elsewhere.resolve("secret")).exists();
  }

  @Test
  void onlyEmptyFoldersGoFromBelow() throws IOException {
    Path empty = folder("empty", "a/b/c/", "d/");
    assertThat(FileTree.deleteEmpty(empty)).isTrue();
    assertThat(empty).doesNotExist();
    assertThat(FileTree.deleteEmpty(empty)).isTrue();

    Path kept = folder("kept", "a/b/", "c/file");
    assertThat(FileTree.deleteEmpty(kept)).isFalse();
    assertThat(FileTree.entries(kept, 9)).containsExactly("c/file");
    assertThat(FileTree.deleteEmpty(kept.resolve("c/file"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "file, true", // is there
    "file/below, true", // a file where a folder is wanted
    "folder/, false", // folders can be one
    "folder/new, false",
    "folder/there, true",
    "new, false",
    "link, true",
    "link/below, true", // must not be written through
    "folder, true"
  })
  void blocksWhatCannotLieThere(String entry, boolean isBlocked) throws IOException {
    Path there = folder("there", "file", "folder/there");
    Files.createSymbolicLink(there.resolve("link"), folder("elsewhere"));
    assertThat(FileTree.blocks(there, entry)).isEqualTo(isBlocked);
  }

  @Test
  void whatIsDoomedGoesAndTheRestIsGivenBack() throws IOException {
    Path old = folder("old", "model", "config", "notes/mine", "empty/");
    Path now = folder("now", "model");
    boolean isGone = FileTree.settle(old, now, Replaceable.of(List.of("model", "config")));
    assertThat(isGone).isTrue();
    assertThat(old).doesNotExist();
    assertThat(FileTree.entries(now, 9)).containsExactly("empty/", "model", "notes/mine");
    assertThat(now.resolve("model")).hasContent("now model");
    assertThat(now.resolve("notes/mine")).hasContent("old notes/mine");
  }

  @Test
  void whatHasNoPlaceStaysWhereItWas() throws IOException {
    Path old = folder("old", "model", "notes", "both/old");
    Path now = folder("now", "model", "notes/other", "both/new");
    boolean isGone = FileTree.settle(old, now, Replaceable.of(List.of("model")));
    assertThat(isGone).isFalse();
    assertThat(FileTree.entries(old, 9)).containsExactly("notes");
    assertThat(FileTree.entries(now, 9))
        .containsExactlyElementsOf(Arrays.asList("both/new", "both/old", "model", "notes/other"));
  }

  @Test
  void settlingTwiceIsSettlingOnce() throws IOException {
    Path old = folder("old", "model", "mine");
    Path now = folder("now", "model");
    Replaceable doomed = Replaceable.of(List.of("model"));
    assertThat(FileTree.settle(old, now, doomed)).isTrue();
    assertThat(FileTree.settle(old, now, doomed)).isTrue();
    assertThat(now.resolve("mine")).hasContent("old mine");
  }
}
