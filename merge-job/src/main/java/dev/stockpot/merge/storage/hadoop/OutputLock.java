package dev.stockpot.merge.storage.hadoop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.NameBeside;
import dev.stockpot.merge.storage.OutputOccupiedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;

/**
 * The right to write an output folder: an object beside it, {@code .out.stockpot-lock}, made on the
 * condition that there is none, and changed only on the condition that it is what was read.
 *
 * <p>Its first line says who holds it. A merge that was killed leaves it behind, and nobody can
 * tell that from one that is slow; so whoever takes it over may take it from the living. That one
 * finds out when it publishes: it needs the lock to be its own to add what follows, the record of
 * what the folder held before.
 */
final class OutputLock {
  private static final NameBeside NAME = new NameBeside(".stockpot-lock");
  private static final int ATTEMPTS = 3;
  private static final int MOST_BYTES = 10 << 20;

  private final HadoopFolder folder;
  private final HadoopFolder object;
  private final String holder;
  private String content;
  private String before = "";

  /** What the lock said, and the version of it that did. */
  private record Found(String version, String content) {
    String holder() {
      return content.lines().findFirst().orElse("unknown");
    }

    /** What was written of the folder when it was to be published; empty before that. */
    String record() {
      int end = content.indexOf('\n');
      return end < 0 ? "" : content.substring(end + 1);
    }
  }

  private OutputLock(HadoopFolder folder) throws OutputOccupiedException {
    if (folder.path().getParent() == null) {
      throw new OutputOccupiedException(
          "%s cannot be replaced. Name a folder in it, such as %s"
              .formatted(folder.location(), folder.location().child("merged")));
    }
    this.folder = folder;
    this.object = folder.sibling(NAME.of(folder.path().getName()));
    this.holder =
        "process %s, since %s, claim %s"
            .formatted(
                ManagementFactory.getRuntimeMXBean().getName(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                UUID.randomUUID());
    this.content = holder;
  }

  /**
   * Takes the lock of a folder.
   *
   * @throws OutputOccupiedException if another merge has it
   */
  static OutputLock acquire(HadoopFolder folder) throws IOException {
    OutputLock lock = new OutputLock(folder);
    Optional<Found> other = lock.createUnlessThere();
    if (other.isPresent()) {
      throw lock.occupied(other.get());
    }
    return lock;
  }

  /**
   * Takes the lock of a folder, also if another merge has it.
   *
   * @throws OutputOccupiedException if somebody else just does the same
   */
  static OutputLock takeOver(HadoopFolder folder) throws IOException {
    OutputLock lock = new OutputLock(folder);
    Optional<Found> other = lock.createUnlessThere();
    if (other.isPresent()) {
      lock.before = other.get().content();
      lock.replace(other.get(), lock.content(other.get().record()));
    }
    return lock;
  }

  /** The name of the output whose lock has that name. */
  static Optional<String> outputOf(String lock) {
    return NAME.output(lock);
  }

  private String content(String record) {
    return record.isEmpty() ? holder : holder + "\n" + record;
  }

  Location location() {
    return object.location();
  }

  /** Who had the lock when it was taken over. */
  Optional<String> predecessor() {
    return before.isEmpty() ? Optional.empty() : before.lines().findFirst();
  }

  /** Who has the lock now, if it is no longer this holder. */
  Optional<String> successor() throws IOException {
    Optional<Found> now = read();
    return now.isPresent() && now.get().content().equals(content)
        ? Optional.empty()
        : Optional.of(now.map(Found::holder).orElse("whoever deleted " + location()));
  }

  /**
   * Checks that the lock is still ours.
   *
   * @throws OutputOccupiedException if it is not
   */
  void requireOurs() throws IOException {
    Optional<String> successor = successor();
    if (successor.isPresent()) {
      throw lost(successor.get());
    }
  }

  /** What was recorded when the folder was to be published, here or by a predecessor. */
  Optional<String> record() {
    return Optional.of(new Found("", content).record()).filter(record -> !record.isEmpty());
  }

  /**
   * Writes down what the folder held before it is published. Succeeds for one holder only.
   *
   * @throws OutputOccupiedException if the lock is no longer ours
   */
  void record(String record) throws IOException {
    Found now = read().orElseThrow(() -> lost("whoever deleted " + location()));
    if (!now.content().equals(content)) {
      throw lost(now.holder());
    }
    replace(now, content(record));
  }

  /** Lets the predecessor have its lock again. */
  void giveBack() throws IOException {
    Optional<Found> now = read();
    if (now.isPresent() && now.get().content().equals(content) && !before.isEmpty()) {
      replace(now.get(), before);
    }
  }

  /** Gives the folder free, unless somebody took the lock away from us. */
  void release() throws IOException {
    if (successor().isEmpty()) {
      object.delete();
    }
  }

  /** Makes the lock, or gives what is there instead. */
  private Optional<Found> createUnlessThere() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        write(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE, true);
        return Optional.empty();
      } catch (IOException e) {
        requireRefusal(e);
        Optional<Found> now = read();
        if (now.isPresent()) { // ours if the first answer was lost, and this is the second's
          return now.filter(found -> !found.content().equals(content));
        }
      }
    }
    throw occupied(new Found("", "whoever makes and deletes " + location()));
  }

  /** Changes the lock, if it is what was found. */
  private void replace(Found found, String replacement) throws IOException {
    String mine = content;
    content = replacement;
    String condition = CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE_ETAG;
    try {
      if (object.files().hasPathCapability(object.path(), condition)) {
        write(condition, found.version());
      } else {
        moveAway(found);
        write(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE, true);
      }
    } catch (IOException e) {
      requireRefusal(e);
      Optional<Found> now = read();
      if (now.isEmpty() || !now.get().content().equals(replacement)) {
        content = mine;
        throw occupied(now.orElse(new Found("", "whoever deleted " + location())));
      }
    }
  }

  /** Of several who move one file, one succeeds. */
  private void moveAway(Found found) throws IOException {
    Path away = object.path().suffix("-" + UUID.randomUUID());
    if (!object.files().rename(object.path(), away)) {
      throw new FileAlreadyExistsException("%s was moved by another".formatted(location()));
    }
    try (FSDataInputStream in = object.files().open(away)) {
      if (!new String(in.readNBytes(MOST_BYTES), UTF_8).equals(found.content())) {
        object.files().rename(away, object.path());
        throw new FileAlreadyExistsException("%s is another's".formatted(location()));
      }
    }
    object.files().delete(away, false);
  }

  private void requireRefusal(IOException failure) throws IOException {
    boolean isRefusal =
        failure instanceof FileAlreadyExistsException
            || failure instanceof FileNotFoundException // moved by another
            || (object.isS3() && S3a.isOtherVersion(failure));
    if (!isRefusal) {
      throw HadoopFolder.explained(location(), failure);
    }
  }

  /** Writes the content, where the store can on a condition. */
  private void write(String condition, Object value) throws IOException {
    boolean overwrite =
        condition.equals(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE_ETAG);
    FSDataOutputStreamBuilder<?, ?> create =
        object.files().createFile(object.path()).overwrite(overwrite).recursive();
    if (object.files().hasPathCapability(object.path(), condition)) {
      create.must(condition, String.valueOf(value));
    }
    try (FSDataOutputStream out = create.build()) {
      out.write(content.getBytes(UTF_8));
    }
  }

  /** What the lock says now; nothing if it is gone. */
  private Optional<Found> read() throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        FileStatus status = object.files().getFileStatus(object.path());
        try (FSDataInputStream in =
            Waiting.until(object.files().openFile(object.path()).withFileStatus(status).build())) {
          String text = new String(in.readNBytes(MOST_BYTES), UTF_8);
          return Optional.of(new Found(entityTag(status), text));
        }
      } catch (FileNotFoundException e) {
        return Optional.empty();
      } catch (IOException e) { // it may have been changed between the two requests
        if (attempt == ATTEMPTS || !object.isS3() || !S3a.isOtherVersion(e)) {
          throw HadoopFolder.explained(location(), e);
        }
      }
    }
  }

  /** As a condition names it; empty where there is none. */
  private static String entityTag(FileStatus status) {
    return status instanceof EtagSource source && source.getEtag() != null
        ? "\"" + source.getEtag().replace("\"", "") + "\""
        : "";
  }

  private OutputOccupiedException occupied(Found other) {
    return new OutputOccupiedException(
        ("Another merge (%s) is writing %s. Wait until it is done, or name another folder. If it is"
                + " dead, go on with --resume, or give it up: stockpot discard %s")
            .formatted(other.holder(), folder.location(), folder.location()));
  }

  private OutputOccupiedException lost(String successor) {
    return new OutputOccupiedException(
        "%s was taken over by another merge (%s). This one stops and leaves it alone"
            .formatted(folder.location(), successor));
  }
}
