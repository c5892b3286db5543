package dev.stockpot.merge.storage.hadoop;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.CommitStateUnknownException;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The uploads that fill a folder: large objects, whose parts tasks bring, and small ones, whose
 * content waits here until all that is large is there.
 */
final class FolderUploads {
  private static final Logger LOG = LoggerFactory.getLogger(FolderUploads.class);

  private static final int LEAST_BUFFER = 4096;

  private final HadoopFolder folder;
  private final List<HadoopUpload> large = new ArrayList<>();
  private final Map<HadoopFolder, ByteBuffer> contents = new LinkedHashMap<>();
  private final Map<Integer, HadoopUpload> small = new ConcurrentSkipListMap<>();

  FolderUploads(HadoopFolder folder) {
    this.folder = folder;
  }

  /** Starts the upload of a large object. */
  HadoopUpload start(String name, long size) throws IOException {
    HadoopUpload upload = HadoopUpload.start(folder, folder.descendant(name), size);
    large.add(upload);
    return upload;
  }

  /** Goes on with the upload of a large object that somebody else started. */
  HadoopUpload goOn(String name, long size, String id) throws IOException {
    HadoopUpload upload = new HadoopUpload(folder, folder.descendant(name), size, id);
    large.add(upload);
    return upload;
  }

  /** Keeps the content of a small object, in the place of what had its name. */
  void put(String name, ByteBuffer content) {
    contents.put(folder.descendant(name), content);
  }

  /** Those of large objects. */
  List<HadoopUpload> large() {
    return large;
  }

  /** Those that have begun: of large objects, then of small ones. */
  List<HadoopUpload> all() {
    List<HadoopUpload> all = new ArrayList<>(large);
    all.addAll(small.values());
    return all;
  }

  /**
   * Uploads what is small, once all that is large is there.
   *
   * @throws IllegalStateException if it is not
   */
  void finish() throws IOException {
    large.removeIf(HadoopUpload::isAborted);
    List<String> unfinished =
        all().stream().filter(upload -> !upload.isWhole()).map(HadoopUpload::name).toList();
    if (!unfinished.isEmpty()) {
      throw new IllegalStateException(
          "%s lacks parts of %s".formatted(folder.location(), unfinished));
    }
    List<SideBySide.Step> steps = new ArrayList<>();
    contents.forEach(
        (object, content) -> {
          int place = steps.size();
          steps.add(() -> upload(place, object, content.duplicate()));
        });
    try {
      SideBySide.run(steps);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void upload(int place, HadoopFolder object, ByteBuffer content) throws IOException {
    int size = content.remaining();
    HadoopUpload upload = HadoopUpload.start(folder, object, size);
    small.put(place, upload);
    PartTicket ticket = upload.ticket(1, new ByteRange(0, size));
    long rounded = 2L * Math.max(LEAST_BUFFER, size); // up to a power of two
    try (BufferAllocator memory = new RootAllocator(rounded);
        HadoopPartSink sink = new HadoopPartSink(upload.object(), ticket, memory)) {
      sink.write(content);
      upload.complete(List.of(sink.finish()));
    }
  }

  /**
   * Makes all visible: the large objects, then the small ones, of which the last tells that all are
   * there.
   *
   * @param replaces whether small objects may replace others
   * @throws CommitStateUnknownException if the store does not say what it holds
   */
  void show(OldFolder old, boolean replaces) throws IOException {
    List<SideBySide.Step> smallShows = new ArrayList<>();
    for (HadoopUpload upload : small.values()) {
      smallShows.add(() -> upload.show(replaces ? version(upload.object()) : Optional.empty()));
    }
    int last = Math.max(0, smallShows.size() - 1);
    try {
      SideBySide.run(
          large.stream()
              .<SideBySide.Step>map(upload -> () -> upload.show(old.version(upload.name())))
              .toList());
      SideBySide.run(smallShows.subList(0, last));
      SideBySide.run(smallShows.subList(last, smallShows.size()));
    } catch (InterruptedException e) {
      throw HadoopUpload.unknown(folder, folder.location(), interrupted(e));
    }
  }

  /** Of an object that may lie in a folder below. */
  private static Optional<String> version(HadoopFolder object) throws IOException {
    return object.find().map(StoredObject::version);
  }

  private InterruptedIOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    InterruptedIOException interrupted =
        new InterruptedIOException("publishing %s was interrupted".formatted(folder.location()));
    interrupted.initCause(cause);
    return interrupted;
  }

  /** Takes back what was made visible before a failure, which hears of what stays. */
  void hide(Exception failure) {
    for (HadoopUpload upload : all()) {
      try {
        upload.hide();
      } catch (IOException e) {
        failure.addSuppressed(e);
        LOG.error("{} could not be deleted. Delete it", upload.object().location(), e);
      }
    }
  }

  /** Aborts all. */
  void abort() throws IOException {
    abort(all());
  }

  /** Aborts those that nobody can go on with: small ones, and large ones that lack parts. */
  void abortUseless() throws IOException {
    List<HadoopUpload> useless = new ArrayList<>(small.values());
    large.stream().filter(upload -> !upload.isWhole()).forEach(useless::add);
    abort(useless);
  }

  private static void abort(List<HadoopUpload> uploads) throws IOException {
    IOException failure = null;
    for (HadoopUpload upload : uploads) {
      try {
        upload.abort();
      } catch (IOException e) {
        failure = e;
        LOG.error("The upload of {} could not be aborted", upload.object().location(), e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
