package dev.stockpot.merge.storage.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that a merge writes on a file system, and what is beside them. */
class LocalOutputTest {
  private final LocalStore store = new LocalStore();

  @TempDir private Path folder;

  private Path out() {
    return folder.resolve("out");
  }

  private Path staging() {
    return folder.resolve(".out.stockpot");
  }

  private PendingFolder claim(boolean overwrite) throws IOException {
    Location place = new Location(out().toString());
    return store.create(
        place, overwrite ? Replaceable.of(store.tree(place, 100)) : Replaceable.NOTHING);
  }

  private static void put(PendingFolder pending, String name) throws IOException {
    pending.put(name, UTF_8.encode(name));
  }

  private List<String> entries() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private Process startHolder() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            out().toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Another merge: claims a folder and stays. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws IOException {
      try (PendingFolder pending =
          new LocalStore().create(new Location(arguments[0]), Replaceable.NOTHING)) {
        pending.startUpload("half.safetensors", 10);
        System.out.write('!');
        System.out.flush();
        if (System.in.read() < 0) { // until it is killed
          pending.publish();
        }
      }
    }
  }

  @Test
  void makesTheFoldersAbove() throws IOException {
    try (PendingFolder pending =
        store.create(new Location(folder.resolve("x/y/out").toString()), Replaceable.NOTHING)) {
      put(pending, "a");
      pending.publish();
    }

    assertThat(folder.resolve("x/y/out/a")).hasContent("a");
  }

  @Test
  void anEmptyFolderMayBeThere() throws IOException {
    Files.createDirectory(out());
    try (PendingFolder pending = claim(false)) {
      put(pending, "a");
      pending.publish();
    }

    assertThat(out().resolve("a")).hasContent("a");
  }

  @Test
  void nothingIsLeftBesideTheOutput() throws IOException {
    Files.createDirectory(out());
    Files.writeString(out().resolve("old"), "old");
    try (PendingFolder pending = claim(true)) {
      put(pending, "a");
      pending.publish();
    }
    assertThat(entries()).containsExactly("out");

    claim(true).close();
    assertThat(entries()).containsExactly("out");
    assertThat(out().resolve("a")).hasContent("a");
  }

  @Test
  void aRefusedClaimLeavesNothing() throws IOException {
    Files.createDirectory(out());
    Files.writeString(out().resolve("old"), "old");

    assertThatThrownBy(() -> claim(false))
        .isInstanceOf(OutputOccupiedException.class)
        .hasMessage(
            "%s is not empty. Name another folder, or pass --overwrite to replace what it holds",
            out());
    assertThat(entries()).containsExactly("out");
  }

  @Test
  void whatADeadMergeLeftIsRemoved() throws IOException {
    Files.createDirectories(staging().resolve("files/below"));
    Files.writeString(staging().resolve("files/half.safetensors"), "half");
    Files.writeString(staging().resolve("lock"), "process 1@dead, since long ago, and then some");

    try (PendingFolder pending = claim(false)) {
      put(pending, "a");
      pending.publish();
    }

    assertThat(entries()).containsExactly("out");
    assertThat(out()).isDirectoryNotContaining(file -> !file.endsWith("a"));
  }

  @Test
  void whatADeadMergeMovedAwayComesBack() throws IOException {
    Path old = Files.createDirectory(folder.resolve(".out.stockpot-old"));
    Files.writeString(old.resolve("a"), "a");

    assertThatThrownBy(() -> claim(false)).hasMessageContaining("is not empty");
    assertThat(out().resolve("a")).hasContent("a");
    assertThat(entries()).containsExactly("out");
  }

  @Test
  void aMergeInAnotherProcessIsNamed() throws Exception {
    Process other = startHolder();
    try {
      assertThat(other.getInputStream().read()).isEqualTo('!'); // it holds the lock now

      assertThatThrownBy(() -> claim(true))
          .isInstanceOf(OutputOccupiedException.class)
          .hasMessageStartingWith("Another merge (process %s@".formatted(other.pid()))
          .hasMessageEndingWith(
              " is writing %s. Wait until it is done, or name another folder", out());
    } finally {
      other.destroyForcibly();
      assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    claim(false).close(); // it was killed, and the place is free
    assertThat(entries()).isEmpty();
  }

  @Test
  void aFolderThatWasFilledInTheMeantimeIsNotReplaced() throws IOException {
    try (PendingFolder pending = claim(false)) {
      put(pending, "a");
      Files.createDirectory(out());
      Files.writeString(out().resolve("theirs"), "theirs");

      assertThatThrownBy(pending::publish)
          .isInstanceOf(OutputOccupiedException.class)
          .hasMessageContaining("is not empty");
    }
    assertThat(out()).isDirectoryNotContaining(file -> !file.endsWith("theirs"));
    assertThat(entries()).containsExactly("out");
  }

  @Test
  void whatCannotBeReplacedStaysAsItWas() throws IOException {
    Files.createDirectory(out());
    Files.writeString(out().resolve("old"), "old");
    try (PendingFolder pending = claim(true)) {
      put(pending, "a");
      Files.move(staging().resolve("files"), staging().resolve("gone")); // makes the rename fail

      assertThatThrownBy(pending::publish).isInstanceOf(IOException.class);
    }
    assertThat(out().resolve("old")).hasContent("old");
  }

  @Test
  void anOutputThatIsALinkKeepsItsPlace() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.createSymbolicLink(out(), elsewhere);
    try (PendingFolder pending = claim(true)) {
      put(pending, "a");
      pending.publish();
    }

    assertThat(out()).isSymbolicLink();
    assertThat(elsewhere.resolve("a")).hasContent("a");
  }

  @Test
  void deletingFollowsNoLinks() throws IOException {
    Path precious = Files.createDirectory(folder.resolve("precious"));
    Files.writeString(precious.resolve("data"), "data");
    Files.createDirectory(out());
    Files.createSymbolicLink(out().resolve("link"), precious);
    try (PendingFolder pending = claim(true)) {
      put(pending, "a");
      pending.publish();
    }

    assertThat(precious.resolve("data")).hasContent("data");
    assertThat(entries()).containsExactly("out", "precious");
  }

  @Test
  void theRootIsNoOutput() {
    assertThatThrownBy(() -> store.create(new Location("/"), Replaceable.UNTOUCHED))
        .isInstanceOf(OutputOccupiedException.class)
        .hasMessage("/ cannot be replaced. Name a folder in it");
  }

  @Test
  void tooLittleSpaceIsSaidBeforeAnythingIsWritten() throws IOException {
    try (PendingFolder pending = claim(false)) {
      assertThatThrownBy(() -> pending.startUpload("a", 1L << 60))
          .isInstanceOf(UserException.class)
          .hasMessageStartingWith(
              "%s: a takes 1152921504.607 GB (1152921504606846976 bytes), but %s has only ",
              out(), folder)
          .hasMessageEndingWith(" left for it. Make room, or name a folder elsewhere");
      assertThat(staging().resolve("files")).isEmptyDirectory();
    }
  }

  @Test
  void uploadsThatFitAloneButNotTogetherAreRefused() throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    try (PendingFolder pending = claim(false)) {
      pending.startUpload("a", free / 3 * 2);

      assertThatThrownBy(() -> pending.startUpload("b", free / 3 * 2))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("b takes");
    }
  }

  @Test
  void anUploadTakesNoSpaceBeforeItsParts() throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    try (PendingFolder pending = claim(false)) {
      pending.startUpload("a", 1 << 30);

      assertThat(staging().resolve("files/a")).hasSize(1 << 30);
      long used = free - Files.getFileStore(folder).getUsableSpace();
      assertThat(used).isLessThan(1 << 29); // others use the disk, too
    }
  }

  @Test
  void aRefusedClaimDoesNotLoosenTheOneThatHolds() throws IOException {
    // A second channel to the lock, when it is closed, would drop the first one's lock.
    try (PendingFolder pending = claim(false)) {
      assertThatThrownBy(() -> claim(false)).isInstanceOf(OutputOccupiedException.class);
      put(pending, "a");

      Process other = startHolder();
      assertThat(other.getInputStream().read()).isEqualTo(-1); // refused, in spite of the attempt
      pending.publish();
    }
    assertThat(out().resolve("a")).hasContent("a");
  }
}
