package dev.stockpot.merge.storage.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.OutputOccupiedException;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to use a staging folder, held against all other merges until it is closed. It is a lock
 * on a file, which the system takes back from a process that dies: what is left of that process is
 * no obstacle.
 */
final class FolderClaim implements Closeable {
  private static final int ATTEMPTS = 10;
  private static final int MAX_HOLDER_BYTES = 1_000;

  /**
   * What this process holds. Its own set, because a process that merely closes a second channel to
   * a file loses the lock it has through the first.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path staging;
  private final FileChannel lock;
  private final String predecessor;

  private FolderClaim(Path staging, FileChannel lock, String predecessor) {
    this.staging = staging;
    this.lock = lock;
    this.predecessor = predecessor;
  }

  /**
   * Makes the staging folder if need be and claims it.
   *
   * @param output that the staging folder is for
   * @throws OutputOccupiedException if another merge has claimed it
   */
  static FolderClaim acquire(Path staging, Location output) throws IOException {
    if (!HELD.add(staging)) {
      throw occupied(output, "in this process");
    }
    boolean acquired = false;
    try {
      FolderClaim claim = lock(staging, output);
      acquired = true;
      return claim;
    } finally {
      if (!acquired) {
        HELD.remove(staging);
      }
    }
  }

  private static FolderClaim lock(Path staging, Location output) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Files.createDirectories(staging);
      FileChannel channel;
      try {
        channel = FileChannel.open(lockFile(staging), CREATE, READ, WRITE);
      } catch (NoSuchFileException e) { // its holder has just finished and removed the folder
        continue;
      }
      boolean locked = false;
      try {
        locked = lock(channel, staging, output);
        if (locked) {
          String predecessor = holder(channel);
          String self = ManagementFactory.getRuntimeMXBean().getName() + ", since " + Instant.now();
          channel.truncate(0).write(UTF_8.encode("process " + self));
          return new FolderClaim(staging, channel, predecessor);
        }
      } finally {
        if (!locked) {
          channel.close();
        }
      }
    }
    throw occupied(output, "and another");
  }

  /** Whether the file that was locked is still the one that other processes would lock. */
  private static boolean lock(FileChannel channel, Path staging, Location output)
      throws IOException {
    try {
      Object file = fileKey(staging);
      if (channel.tryLock() == null) {
        throw occupied(output, "(%s)".formatted(holder(channel)));
      }
      if (!Objects.equals(file, fileKey(staging))) {
        return false;
      }
    } catch (NoSuchFileException e) { // its holder has just finished and removed the file
      return false;
    }
    return true;
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(MAX_HOLDER_BYTES);
    channel.read(text, 0);
    return UTF_8.decode(text.flip()).toString();
  }

  /** Who held it and died; nobody if its last holder let it go. */
  Optional<String> predecessor() {
    return Optional.of(predecessor).filter(holder -> !holder.isEmpty());
  }

  private static Object fileKey(Path staging) throws IOException {
    return Files.readAttributes(lockFile(staging), BasicFileAttributes.class).fileKey();
  }

  private static Path lockFile(Path staging) {
    return staging.resolve("lock");
  }

  private static OutputOccupiedException occupied(Location output, String who) {
    return new OutputOccupiedException(
        "Another merge %s is writing %s. Wait until it is done, or name another folder"
            .formatted(who, output));
  }

  /** Gives the folder free, once: after that it may be another's. */
  @Override
  public void close() throws IOException {
    try (lock) {
      Files.deleteIfExists(lockFile(staging)); // while it is held, so that nobody else's is deleted
    } finally {
      HELD.remove(staging);
    }
    try {
      Files.deleteIfExists(staging);
    } catch (DirectoryNotEmptyException e) { // claimed again already
      return;
    }
  }
}
