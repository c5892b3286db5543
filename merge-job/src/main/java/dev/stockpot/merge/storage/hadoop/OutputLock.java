package dev.stockpot.merge.storage.hadoop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.OutputOccupiedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;

/**
 * The right to write an output folder: an object beside it, {@code .out.stockpot-lock}, made on the
 * condition that there is none. It says who holds it. A merge that was killed leaves it behind, and
 * only a person can tell that from one that is still at work.
 */
final class OutputLock {
  private static final int MOST_HOLDER_BYTES = 1_000;

  private final FileSystem files;
  private final Path path;
  private final String content;

  private OutputLock(FileSystem files, Path path, String content) {
    this.files = files;
    this.path = path;
    this.content = content;
  }

  /**
   * Takes the lock of a folder.
   *
   * @throws OutputOccupiedException if another merge has it
   */
  static OutputLock acquire(HadoopFolder folder) throws IOException {
    if (folder.path().getParent() == null) {
      throw new OutputOccupiedException(
          "%s cannot be replaced. Name a folder in it, such as %s"
              .formatted(folder.location(), folder.location().child("merged")));
    }
    Path path =
        new Path(folder.path().getParent(), "." + folder.path().getName() + ".stockpot-lock");
    String content =
        "process %s, since %s, claim %s"
            .formatted(
                ManagementFactory.getRuntimeMXBean().getName(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                UUID.randomUUID());
    OutputLock lock = new OutputLock(folder.files(), path, content);
    try {
      lock.write();
    } catch (IOException e) {
      if (!(e instanceof FileAlreadyExistsException) && !(folder.isS3() && S3a.isOtherVersion(e))) {
        throw HadoopFolder.explained(folder.location(), e);
      }
      String holder = lock.holder();
      if (!holder.equals(content)) { // else the first answer was lost, and this is the second's
        throw occupied(folder.location(), path, holder, e);
      }
    }
    return lock;
  }

  private static OutputOccupiedException occupied(
      Location folder, Path lock, String holder, IOException cause) {
    OutputOccupiedException occupied =
        new OutputOccupiedException(
            ("Another merge (%s) is writing %s. Wait until it is done, or name another folder."
                    + " If that merge is dead, delete %s and merge again")
                .formatted(holder.isEmpty() ? "unknown" : holder, folder, lock));
    occupied.initCause(cause);
    return occupied;
  }

  private void write() throws IOException {
    FSDataOutputStreamBuilder<?, ?> create = files.createFile(path).overwrite(false).recursive();
    String condition = CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE;
    if (files.hasPathCapability(path, condition)) {
      create.must(condition, true);
    }
    try (FSDataOutputStream out = create.build()) {
      out.write(content.getBytes(UTF_8));
    }
  }

  /** What the lock says now; nothing if it is gone. */
  private String holder() throws IOException {
    byte[] text = new byte[MOST_HOLDER_BYTES];
    try (FSDataInputStream in = files.open(path)) {
      int length = in.readNBytes(text, 0, text.length);
      return new String(text, 0, length, UTF_8);
    } catch (FileNotFoundException e) {
      return "";
    }
  }

  String location() {
    return path.toString();
  }

  /** Gives the folder free, unless somebody took the lock away from us. */
  void release() throws IOException {
    if (holder().equals(content)) {
      files.delete(path, false);
    }
  }
}
