package dev.stockpot.merge;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folders for what libraries write while this process lives: Spark's blocks, what S3A sends. A
 * process that is killed cannot remove its own, and the next one does: beside each lies a file that
 * its process holds locked until it ends, however it ends.
 *
 * <pre>
 * tmp/stockpot-scratch-X        what is written
 * tmp/stockpot-scratch-X.lock   held while the process lives
 * </pre>
 */
public final class Scratch {
  private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);
  private static final String PREFIX = "stockpot-scratch-";
  private static final String LOCK = ".lock";

  /** Those of this process, by the folder that they lie in, with what keeps each locked. */
  private static final Map<Path, Claim> CLAIMED = new HashMap<>();

  private record Claim(Path folder, FileChannel lock) {}

  private Scratch() {}

  /** The one in Java's folder for temporary files. */
  public static Optional<Path> folder() {
    return in(temporary());
  }

  /** Java's folder for temporary files. */
  public static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /**
   * The one of this process in a folder. What dead processes left there goes.
   *
   * @return nothing if there can be none: then libraries write where they would without it
   */
  public static synchronized Optional<Path> in(Path parent) {
    Path place = parent.toAbsolutePath().normalize();
    Claim claim = CLAIMED.get(place);
    if (claim == null || !Files.isDirectory(claim.folder())) {
      sweep(place);
      try {
        claim = claim(place);
      } catch (IOException e) {
        LOG.info("{} has no room for scratch", place, e);
        return Optional.empty();
      }
      if (CLAIMED.put(place, claim) == null) {
        Path folder = claim.folder();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder), "stockpot-scratch"));
      }
    }
    return Optional.of(claim.folder());
  }

  private static Claim claim(Path parent) throws IOException {
    while (true) {
      Path folder = parent.resolve(PREFIX + UUID.randomUUID());
      Path file = lockFile(folder);
      FileChannel channel = FileChannel.open(file, CREATE_NEW, WRITE);
      try {
        channel.lock();
        if (Files.exists(file)) { // else another process took it for a dead one's
          return new Claim(Files.createDirectory(folder), channel);
        }
        channel.close();
      } catch (IOException e) {
        channel.close();
        Files.deleteIfExists(file);
        throw e;
      }
    }
  }

  private static Path lockFile(Path folder) {
    return folder.resolveSibling(folder.getFileName() + LOCK);
  }

  /** Removes what dead processes left in Java's folder for temporary files. */
  public static void sweep() {
    sweep(temporary());
  }

  /** Removes what dead processes left in a folder, as far as this user may. */
  public static synchronized void sweep(Path parent) {
    try (DirectoryStream<Path> locks =
        Files.newDirectoryStream(parent.toAbsolutePath().normalize(), PREFIX + "*" + LOCK)) {
      for (Path lock : locks) {
        String name = lock.getFileName().toString();
        Path folder = lock.resolveSibling(name.substring(0, name.length() - LOCK.length()));
        // to open what this process has locked, and to close it, would give the lock away
        boolean isOurs = CLAIMED.values().stream().anyMatch(it -> it.folder().equals(folder));
        if (!isOurs && Files.isRegularFile(lock, LinkOption.NOFOLLOW_LINKS)) {
          removeIfDead(folder, lock);
        }
      }
    } catch (IOException e) {
      LOG.info("{} cannot be looked through for scratch", parent, e);
    }
  }

  private static void removeIfDead(Path folder, Path lock) {
    try (FileChannel channel = FileChannel.open(lock, WRITE)) {
      if (channel.tryLock() != null) {
        remove(folder);
      }
    } catch (IOException e) { // another user's, or gone meanwhile
      LOG.info("{} is left", folder, e);
    }
  }

  /** Links are removed, not followed; the lock goes last, so that what is left is found again. */
  private static void remove(Path folder) {
    try {
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        List<Path> all;
        try (Stream<Path> tree = Files.walk(folder)) {
          all = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
          Files.deleteIfExists(path);
        }
      }
      Files.deleteIfExists(lockFile(folder));
    } catch (IOException | UncheckedIOException e) { // somebody else is at it, or writes there
      LOG.info("{} could not be removed", folder, e);
    }
  }
}
