package dev.stockpot.merge.storage.hadoop;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.CommitStateUnknownException;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers a folder as multipart uploads, which nobody sees, and completes them when it is whole:
 * first the large objects, side by side, then the small ones in their order.
 *
 * <p>When it replaces another folder, a reader must not find the description of the one beside the
 * weights of the other. If no large object keeps its name, the new ones appear first, then the
 * small ones replace theirs, then the rest of the old folder goes. If one does, what is old and is
 * not replaced by a large object goes first, so that for a moment there is no whole folder at all.
 */
final class HadoopPendingFolder implements PendingFolder {
  private static final Logger LOG = LoggerFactory.getLogger(HadoopPendingFolder.class);

  /** Waiting for the store is all these threads do. */
  private static final int THREADS = 16;

  private static final int LEAST_BUFFER = 4096;

  private final HadoopFolder folder;
  private final boolean overwrite;
  private final OutputLock lock;
  private final List<HadoopUpload> large = new ArrayList<>();
  private final List<HadoopUpload> small = new ArrayList<>();
  private State state = State.OPEN;

  private enum State {
    OPEN,
    CLOSED
  }

  private HadoopPendingFolder(HadoopFolder folder, boolean overwrite, OutputLock lock) {
    this.folder = folder;
    this.overwrite = overwrite;
    this.lock = lock;
  }

  static HadoopPendingFolder claim(HadoopFolder folder, boolean overwrite) throws IOException {
    OutputLock lock = OutputLock.acquire(folder);
    try {
      if (folder.find().isPresent()) {
        throw new OutputOccupiedException(
            "%s is a file. Name another folder, or remove the file".formatted(folder.location()));
      }
      if (!overwrite && folder.holdsSomething()) {
        throw new OutputOccupiedException(
            "%s is not empty. Name another folder, or pass --overwrite to replace what it holds"
                .formatted(folder.location()));
      }
      return new HadoopPendingFolder(folder, overwrite, lock);
    } catch (IOException | RuntimeException e) {
      release(lock);
      throw e;
    }
  }

  private static void release(OutputLock lock) {
    try {
      lock.release();
    } catch (IOException e) { // what was done before counts more
      LOG.warn("{} could not be deleted. Delete it", lock.location(), e);
    }
  }

  @Override
  public synchronized Upload startUpload(String name, long size) throws IOException {
    requireOpen();
    HadoopUpload upload =
        new HadoopUpload(folder.descendant(folder.location().child(name).name()), size);
    large.add(upload);
    return upload;
  }

  @Override
  public synchronized void put(String name, ByteBuffer content) throws IOException {
    requireOpen();
    int size = content.remaining();
    HadoopUpload upload = new HadoopUpload(folder.descendant(name), size);
    small.add(upload);
    PartTicket ticket = upload.ticket(1, new ByteRange(0, size));
    long rounded = 2L * Math.max(LEAST_BUFFER, size); // up to a power of two
    try (BufferAllocator memory = new RootAllocator(rounded);
        HadoopPartSink sink = new HadoopPartSink(folder.descendant(name), ticket, memory)) {
      sink.write(content);
      upload.complete(List.of(sink.finish()));
    }
  }

  private void requireOpen() {
    if (state != State.OPEN) {
      throw new IllegalStateException("%s is published or discarded".formatted(folder.location()));
    }
  }

  @Override
  public synchronized void publish() throws IOException {
    requireOpen();
    List<String> unfinished =
        all().stream().filter(upload -> !upload.isWhole()).map(HadoopUpload::name).toList();
    if (!unfinished.isEmpty()) {
      throw new IllegalStateException(
          "%s lacks parts of %s".formatted(folder.location(), unfinished));
    }
    OldFolder old = new OldFolder(overwrite ? objectsThere() : List.of());
    try {
      if (old.keepsNameOf(large)) {
        old.delete(large);
      }
      completeSideBySide(old);
      for (HadoopUpload upload : small) {
        upload.show(overwrite ? version(upload.object) : Optional.empty());
      }
    } catch (CommitStateUnknownException e) { // close() has nothing more to do
      state = State.CLOSED;
      throw e;
    } catch (IOException | RuntimeException e) {
      hideWhatIsShown(e);
      if (old.isTouched()) {
        throw lost(e);
      }
      throw e;
    }
    state = State.CLOSED;
    deleteRest(old);
    release(lock);
  }

  private List<StoredObject> objectsThere() throws IOException {
    try {
      return folder.list();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** Of an object that may lie in a folder below. */
  private static Optional<String> version(HadoopFolder object) throws IOException {
    return object.find().map(StoredObject::version);
  }

  private void completeSideBySide(OldFolder old) throws IOException {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Void>> shows = new ArrayList<>();
      for (HadoopUpload upload : large) {
        shows.add(
            () -> {
              upload.show(old.version(upload.name()));
              return null;
            });
      }
      Exception failure = null;
      for (Future<Void> show : pool.invokeAll(shows)) { // returns when all are over
        try {
          show.get();
        } catch (ExecutionException e) {
          Exception cause = (Exception) e.getCause();
          if (failure == null || cause instanceof CommitStateUnknownException) {
            failure = cause;
          }
        }
      }
      if (failure instanceof IOException e) {
        throw e;
      }
      if (failure != null) {
        throw new IllegalStateException("Publishing " + folder.location(), failure);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("publishing was interrupted");
      interrupted.initCause(e);
      throw unknown(folder.location(), interrupted);
    } finally {
      pool.shutdownNow();
    }
  }

  private void hideWhatIsShown(Exception failure) {
    for (HadoopUpload upload : all()) {
      try {
        upload.hide();
      } catch (IOException e) {
        failure.addSuppressed(e);
        LOG.error("{} could not be deleted. Delete it", upload.object.location(), e);
      }
    }
  }

  private IOException lost(Exception failure) {
    return new IOException(
        "%s could not be replaced: %s. What it held was deleted in part: merge again with --overwrite"
            .formatted(folder.location(), HadoopFolder.firstLine(failure)),
        failure);
  }

  private CommitStateUnknownException unknown(Location object, IOException failure) {
    return new CommitStateUnknownException(
        ("The store did not say whether it made %s visible (%s). Look whether %s is complete:"
                + " stockpot verify. If it is not, delete what it holds, abort the multipart uploads below it,"
                + " delete %s and merge again")
            .formatted(object, HadoopFolder.firstLine(failure), folder.location(), lock.location()),
        failure);
  }

  /** The merge is published: what goes wrong from here on is no reason to call it failed. */
  private void deleteRest(OldFolder old) {
    try {
      old.delete(all());
    } catch (IOException e) {
      LOG.warn(
          "{} was replaced, but files of what it was could not be deleted. Delete the older ones",
          folder.location(),
          e);
    }
  }

  private List<HadoopUpload> all() {
    List<HadoopUpload> all = new ArrayList<>(large);
    all.addAll(small);
    return all;
  }

  @Override
  public synchronized void close() throws IOException {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    IOException failure = null;
    for (HadoopUpload upload : all()) {
      try {
        upload.abort();
      } catch (IOException e) {
        failure = e;
        LOG.error("The upload of {} could not be aborted", upload.object.location(), e);
      }
    }
    release(lock);
    if (failure != null) {
      throw failure;
    }
  }

  /** What was in the folder before. */
  private final class OldFolder {
    private final Map<String, StoredObject> objects = new HashMap<>();
    private boolean isTouched;

    OldFolder(List<StoredObject> listed) {
      listed.forEach(object -> objects.put(object.location().name(), object));
    }

    Optional<String> version(String name) {
      return Optional.ofNullable(objects.get(name)).map(StoredObject::version);
    }

    boolean keepsNameOf(List<HadoopUpload> uploads) {
      return uploads.stream().anyMatch(upload -> objects.containsKey(upload.name()));
    }

    /** Whether some of it is lost. */
    boolean isTouched() {
      return isTouched || all().stream().anyMatch(u -> u.isShown && objects.containsKey(u.name()));
    }

    /** Deletes all but what is replaced; small files first, for they describe the large ones. */
    void delete(List<HadoopUpload> replacements) throws IOException {
      Set<String> kept = new HashSet<>();
      replacements.forEach(upload -> kept.add(upload.name()));
      List<StoredObject> doomed =
          objects.values().stream()
              .filter(object -> !kept.contains(object.location().name()))
              .sorted(Comparator.comparingLong(StoredObject::size))
              .toList();
      for (StoredObject object : doomed) {
        isTouched = true;
        folder.descendant(object.location().name()).delete();
        objects.remove(object.location().name());
      }
    }
  }

  /** One object, uploaded and not yet visible. */
  private final class HadoopUpload implements Upload {
    private final HadoopFolder object;
    private final long size;
    private final Uploads uploads;
    private final String id;
    private List<String> parts = List.of();
    private boolean isShown;

    HadoopUpload(HadoopFolder object, long size) throws IOException {
      this.object = object;
      this.size = size;
      this.uploads = new Uploads(object);
      this.id = uploads.start();
    }

    String name() {
      return object.location().name();
    }

    boolean isWhole() {
      return !parts.isEmpty();
    }

    @Override
    public PartTicket ticket(int number, ByteRange range) {
      if (range.end() > size) {
        throw new IllegalArgumentException(
            "%s has %s bytes, part %s ends at %s".formatted(name(), size, number, range.end()));
      }
      if (folder.isS3()) {
        requireTakenByS3(number, range);
      }
      return new PartTicket(object.location(), id, number, range);
    }

    private void requireTakenByS3(int number, ByteRange range) {
      if (range.length() < S3a.LEAST_PART_BYTES && range.end() < size) {
        throw new UserException(
            "Settings: part-size is %s bytes for part %s of %s, but S3 takes no less than 5 MiB"
                .formatted(range.length(), number, name()));
      }
      if (number > S3a.MOST_PARTS) {
        throw new UserException(
            "Settings: part-size is so small that %s has more than the 10,000 parts that S3 takes. Raise it"
                .formatted(name()));
      }
    }

    @Override
    public void complete(List<PartReceipt> receipts) throws IOException {
      PartReceipt.requireWhole(id, size, receipts);
      parts = receipts.stream().map(PartReceipt::handle).toList();
    }

    /**
     * Makes the object visible and looks whether it is.
     *
     * @param before version of the object that it replaces
     * @throws CommitStateUnknownException if that cannot be said
     */
    void show(Optional<String> before) throws IOException {
      IOException failure = null;
      try {
        uploads.complete(id, parts);
        isShown = true;
      } catch (IOException e) {
        failure = e;
      }
      Optional<StoredObject> now;
      try {
        now = object.find();
      } catch (IOException | UserException e) {
        if (failure == null) {
          failure = new IOException(e.getMessage(), e);
        }
        throw unknown(object.location(), failure);
      }
      boolean isNew = now.isPresent() && !now.map(StoredObject::version).equals(before);
      if (failure == null || isNew) {
        isShown = true;
        requireSize(now);
        if (failure != null) {
          LOG.warn("{} is there, although: {}", object.location(), failure.toString());
        }
      } else if (folder.isS3() && S3a.isRefusal(failure)) {
        throw HadoopFolder.explained(object.location(), failure);
      } else {
        throw unknown(object.location(), failure);
      }
    }

    private void requireSize(Optional<StoredObject> now) throws IOException {
      long found = now.map(StoredObject::size).orElse(0L);
      if (found != size) {
        throw new IOException(
            "%s has %s bytes in the store, but %s were uploaded. Look whether somebody else writes it, and merge again"
                .formatted(object.location(), found, size));
      }
    }

    /** Deletes the object if it was made visible. The upload, if it was not, is aborted later. */
    void hide() throws IOException {
      if (isShown) {
        object.delete();
      }
    }

    void abort() throws IOException {
      if (!isShown) {
        uploads.abort(id);
      }
    }
  }
}
