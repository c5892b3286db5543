package dev.stockpot.merge.storage.local;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Gathers a folder beside its final place, on the same file system, and renames it when it is
 * whole.
 *
 * <pre>
 * parent/.out.stockpot/lock      held while the merge lives
 * parent/.out.stockpot/files/    becomes parent/out
 * parent/.out.stockpot/journal/  what a merge that goes on has to know
 * parent/.out.stockpot-old/      what parent/out was, between two renames
 * </pre>
 */
final class LocalPendingFolder implements PendingFolder {
  /** Names end at 255 bytes; the longest beside the output is {@code .out-trials.stockpot-old}. */
  private static final int MOST_LETTERS = 230;

  private final OutputPlace place;
  private final Location folder;
  private final Path out;
  private final String scheme;
  private final FolderSwap swap;
  private final FolderClaim claim;
  private final Path files;
  private final Map<String, ByteBuffer> journal;
  private final long free;
  private final Set<String> unfinished = new TreeSet<>();
  private final Set<String> small = new TreeSet<>();
  private long promised;
  private boolean isOpen = true;
  private boolean isClaimed = true;

  private LocalPendingFolder(
      OutputPlace place, String scheme, Replaceable replaceable, FolderClaim claim)
      throws IOException {
    this.place = place;
    this.folder = place.folder();
    this.out = place.out();
    this.scheme = scheme;
    this.swap = new FolderSwap(place, replaceable);
    this.claim = claim;
    this.files = place.files();
    this.journal = place.journal().entries();
    if (journal.isEmpty()) {
      FileTree.delete(files);
      Files.createDirectory(files);
    }
    this.free = Files.getFileStore(files).getUsableSpace();
  }

  /**
   * Claims a folder.
   *
   * @param scheme what the locations in tickets begin with, so that they are spelled as the folder
   * @param resume whether to go on where a merge that has ended stopped
   */
  static LocalPendingFolder claim(
      Location folder, Path path, String scheme, Replaceable replaceable, boolean resume)
      throws IOException {
    OutputPlace place = OutputPlace.of(folder, path);
    FolderClaim claim;
    try {
      claim = FolderClaim.acquire(place.staging(), folder);
    } catch (AccessDeniedException e) {
      throw new UserException(
          "%s is gathered in %s, which cannot be written. Allow it, or name a folder elsewhere"
              .formatted(folder, e.getFile()),
          e);
    } catch (FileSystemException e) {
      if (String.valueOf(e.getReason()).contains("name too long")) {
        throw new UserException(
            "%s: its name has %s letters, and no more than %s leave room for what is gathered beside it"
                .formatted(folder, folder.name().length(), MOST_LETTERS),
            e);
      }
      throw e;
    }
    try {
      place.mendAfterCrash();
      if (!resume && place.journal().exists()) {
        throw place.unfinished(claim.predecessor());
      }
      place.requireFree(replaceable);
      return new LocalPendingFolder(place, scheme, replaceable, claim);
    } catch (IOException | RuntimeException e) {
      claim.close();
      throw e;
    }
  }

  @Override
  public Optional<String> predecessor() {
    return claim.predecessor();
  }

  /** Nobody can: the system lends the lock to one process. */
  @Override
  public Optional<String> successor() {
    return Optional.empty();
  }

  @Override
  public void requireOurs() {}

  @Override
  public Map<String, ByteBuffer> journal() {
    return journal;
  }

  @Override
  public synchronized void note(String name, ByteBuffer entry) throws IOException {
    requireOpen();
    FileTree.force(files); // what the entry speaks of is there before it
    place.journal().write(name, entry);
  }

  @Override
  public synchronized Upload startUpload(String name, long size) throws IOException {
    requireOpen();
    Path file = file(name);
    // Files are sparse until their parts arrive, so the free space of this moment says nothing.
    long left = free - promised;
    if (size > left) {
      throw new UserException(
          "%s: %s takes %s, but %s has only %s left for it. Make room, or name a folder elsewhere"
              .formatted(folder, name, gigabytes(size), out.getParent(), gigabytes(left)));
    }
    Files.createDirectories(file.getParent());
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(size);
    }
    promised += size;
    return upload(name, file, size);
  }

  @Override
  public synchronized Optional<Upload> continueUpload(String name, long size, String id)
      throws IOException {
    requireOpen();
    Path file = file(name);
    if (!Files.isRegularFile(file, NOFOLLOW_LINKS) || Files.size(file) != size) {
      return Optional.empty();
    }
    return Optional.of(upload(name, file, size));
  }

  private Upload upload(String name, Path file, long size) {
    unfinished.add(name);
    return new LocalUpload(name, file, size, scheme, () -> isFinished(name));
  }

  private synchronized void isFinished(String name) {
    unfinished.remove(name);
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.3f GB (%d bytes)", bytes / 1e9, bytes);
  }

  @Override
  public synchronized void put(String name, ByteBuffer content) throws IOException {
    requireOpen();
    Path file = file(name);
    Files.createDirectories(file.getParent());
    FileTree.write(file, content);
    small.add(name);
  }

  private Path file(String name) {
    return Path.of(new Location(files.toString()).descendant(name).path());
  }

  @Override
  public synchronized void publish() throws IOException {
    requireOpen();
    if (!unfinished.isEmpty()) {
      throw new IllegalStateException("%s lacks parts of %s".formatted(folder, unfinished));
    }
    FileTree.force(files);
    swap.make();
    isOpen = false;
    FileTree.force(out.getParent());
    swap.forget();
  }

  private void requireOpen() {
    if (!isOpen) {
      throw new IllegalStateException("%s is published or discarded".formatted(folder));
    }
  }

  @Override
  public synchronized boolean keep() throws IOException {
    boolean isKept = isOpen;
    isOpen = false;
    if (isClaimed) {
      isClaimed = false;
      try (claim) {
        for (String name : unfinished) {
          Files.deleteIfExists(file(name));
        }
        for (String name : small) {
          Files.deleteIfExists(file(name));
        }
      }
    }
    return isKept;
  }

  @Override
  public synchronized void close() throws IOException {
    isOpen = false;
    if (isClaimed) { // else what is there now may be another's
      isClaimed = false;
      try (claim) {
        place.journal().delete(); // first: without it, nobody goes on with files that are gone
        FileTree.delete(files);
        Files.deleteIfExists(place.doomed());
      }
    }
  }
}
