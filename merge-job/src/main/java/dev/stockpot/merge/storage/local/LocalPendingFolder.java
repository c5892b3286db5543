package dev.stockpot.merge.storage.local;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.PendingFolder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers a folder beside its final place, on the same file system, and renames it when it is
 * whole.
 *
 * <pre>
 * parent/.out.stockpot/lock     held while the merge lives
 * parent/.out.stockpot/files/   becomes parent/out
 * parent/.out.stockpot-old/     what parent/out was, between two renames
 * </pre>
 */
final class LocalPendingFolder implements PendingFolder {
  private static final Logger LOG = LoggerFactory.getLogger(LocalPendingFolder.class);

  private final Location folder;
  private final Path out;
  private final String scheme;
  private final boolean overwrite;
  private final FolderClaim claim;
  private final Path files;
  private final long free;
  private final Set<String> unfinished = new TreeSet<>();
  private long promised;
  private boolean isOpen = true;
  private boolean isClaimed = true;

  private LocalPendingFolder(
      Location folder, Path out, String scheme, boolean overwrite, FolderClaim claim)
      throws IOException {
    this.folder = folder;
    this.out = out;
    this.scheme = scheme;
    this.overwrite = overwrite;
    this.claim = claim;
    this.files = staging(out).resolve("files");
    deleteTree(files);
    Files.createDirectory(files);
    this.free = Files.getFileStore(files).getUsableSpace();
  }

  /**
   * Claims a folder.
   *
   * @param scheme what the locations in tickets begin with, so that they are spelled as the folder
   */
  static LocalPendingFolder claim(Location folder, Path path, String scheme, boolean overwrite)
      throws IOException {
    Path out = realPath(folder, path);
    FolderClaim claim;
    try {
      claim = FolderClaim.acquire(staging(out), folder);
    } catch (AccessDeniedException e) {
      throw new UserException(
          "%s is gathered in %s, which cannot be written. Allow it, or name a folder elsewhere"
              .formatted(folder, e.getFile()),
          e);
    }
    try {
      restoreIfCrashed(out);
      requireFree(folder, out, overwrite);
      return new LocalPendingFolder(folder, out, scheme, overwrite, claim);
    } catch (IOException | RuntimeException e) {
      claim.close();
      throw e;
    }
  }

  /** Without symbolic links, so that a folder that is one keeps its place. */
  private static Path realPath(Location folder, Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    if (absolute.getParent() == null) {
      throw new OutputOccupiedException(
          "%s cannot be replaced. Name a folder in it".formatted(folder));
    }
    if (Files.exists(absolute)) {
      return absolute.toRealPath();
    }
    Files.createDirectories(absolute.getParent());
    return absolute.getParent().toRealPath().resolve(absolute.getFileName());
  }

  /** A merge died between the renames of {@link #replace}: what it was to replace comes back. */
  private static void restoreIfCrashed(Path out) throws IOException {
    if (Files.isDirectory(old(out)) && !Files.exists(out, NOFOLLOW_LINKS)) {
      Files.move(old(out), out, ATOMIC_MOVE);
    }
  }

  private static void requireFree(Location folder, Path out, boolean overwrite) throws IOException {
    if (!Files.exists(out, NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(out)) {
      throw new OutputOccupiedException(
          "%s is a file. Name another folder, or remove the file".formatted(folder));
    }
    if (!overwrite && holdsSomething(out)) {
      throw occupied(folder);
    }
    // Found out now rather than by the rename at the end of a long merge.
    if (!Files.getFileStore(out).equals(Files.getFileStore(out.getParent()))) {
      throw new OutputOccupiedException(
          "%s is a mounted volume, which cannot be replaced. Name a folder in it, such as %s"
              .formatted(folder, folder.child("merged")));
    }
  }

  private static boolean holdsSomething(Path out) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(out)) {
      return entries.iterator().hasNext();
    }
  }

  private static OutputOccupiedException occupied(Location folder) {
    return new OutputOccupiedException(
        "%s is not empty. Name another folder, or pass --overwrite to replace what it holds"
            .formatted(folder));
  }

  private static Path staging(Path out) {
    return out.resolveSibling("." + out.getFileName() + ".stockpot");
  }

  private static Path old(Path out) {
    return out.resolveSibling("." + out.getFileName() + ".stockpot-old");
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
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(size);
    }
    promised += size;
    unfinished.add(name);
    return new LocalUpload(name, file, size);
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.3f GB (%d bytes)", bytes / 1e9, bytes);
  }

  @Override
  public synchronized void put(String name, ByteBuffer content) throws IOException {
    requireOpen();
    Path file = file(name);
    Files.createDirectories(file.getParent());
    try (FileChannel channel = FileChannel.open(file, CREATE, TRUNCATE_EXISTING, WRITE)) {
      while (content.hasRemaining()) {
        channel.write(content);
      }
      channel.force(true);
    }
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
    force(files);
    if (overwrite && Files.exists(out)) {
      replace();
    } else {
      rename();
    }
    isOpen = false;
    force(out.getParent());
    forget(old(out));
  }

  private void rename() throws IOException {
    try {
      Files.move(files, out, ATOMIC_MOVE); // an empty folder gives way
    } catch (FileSystemException e) {
      if (Files.isDirectory(out) && holdsSomething(out)) { // filled since it was claimed
        OutputOccupiedException occupied = occupied(folder);
        occupied.initCause(e);
        throw occupied;
      }
      throw e;
    }
  }

  private void replace() throws IOException {
    Path old = old(out);
    deleteTree(old);
    Files.move(out, old, ATOMIC_MOVE);
    try {
      Files.move(files, out, ATOMIC_MOVE);
    } catch (IOException e) {
      try {
        Files.move(old, out, ATOMIC_MOVE);
      } catch (IOException notRestored) {
        e.addSuppressed(notRestored);
      }
      throw e;
    }
  }

  private void forget(Path old) {
    try {
      deleteTree(old);
    } catch (IOException e) { // the merge is published: this is no reason to call it failed
      LOG.warn("{} was replaced; what it was could not be deleted. Delete {}", folder, old, e);
    }
  }

  private void requireOpen() {
    if (!isOpen) {
      throw new IllegalStateException("%s is published or discarded".formatted(folder));
    }
  }

  @Override
  public synchronized void close() throws IOException {
    isOpen = false;
    if (isClaimed) { // else what is there now may be another's
      isClaimed = false;
      try (claim) {
        deleteTree(files);
      }
    }
  }

  /** A new file outlives a power cut only when its folder was written as well. */
  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, READ)) {
      channel.force(true);
    }
  }

  /** Deletes a folder with all that is in it, but follows no link out of it. */
  private static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder, NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private final class LocalUpload implements Upload {
    private final String name;
    private final Path file;
    private final long size;

    LocalUpload(String name, Path file, long size) {
      this.name = name;
      this.file = file;
      this.size = size;
    }

    @Override
    public PartTicket ticket(int number, ByteRange range) {
      if (range.end() > size) {
        throw new IllegalArgumentException(
            "%s has %s bytes, part %s ends at %s".formatted(name, size, number, range.end()));
      }
      return new PartTicket(new Location(scheme + file), name, number, range);
    }

    @Override
    public void complete(List<PartReceipt> receipts) throws IOException {
      PartReceipt.requireWhole(name, size, receipts);
      try (FileChannel channel = FileChannel.open(file, WRITE)) {
        channel.force(true);
      }
      synchronized (LocalPendingFolder.this) {
        unfinished.remove(name);
      }
    }
  }
}
