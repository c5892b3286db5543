package dev.stockpot.merge.storage.hadoop;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.CommitStateUnknownException;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.StoredObject;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One object, uploaded and not yet visible. */
final class HadoopUpload implements PendingFolder.Upload {
  private static final Logger LOG = LoggerFactory.getLogger(HadoopUpload.class);

  private final HadoopFolder folder;
  private final HadoopFolder object;
  private final long size;
  private final Uploads uploads;
  private final String id;
  private List<String> parts = List.of();
  private boolean isShown;

  private boolean isAborted;

  /** Starts an upload of an object in the folder, or in one below it. */
  static HadoopUpload start(HadoopFolder folder, HadoopFolder object, long size)
      throws IOException {
    return new HadoopUpload(folder, object, size, new Uploads(object).start());
  }

  HadoopUpload(HadoopFolder folder, HadoopFolder object, long size, String id) throws IOException {
    this.folder = folder;
    this.object = object;
    this.size = size;
    this.uploads = new Uploads(object);
    this.id = id;
  }

  HadoopFolder object() {
    return object;
  }

  boolean isShown() {
    return isShown;
  }

  boolean isAborted() {
    return isAborted;
  }

  @Override
  public String id() {
    return id;
  }

  /** With the folders below the output folder that it lies in. */
  String name() {
    return object.location().path().substring(folder.location().path().length() + 1);
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
    if (object.isS3()) {
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
      object.makeParent();
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
      throw unknown(folder, object.location(), failure);
    }
    boolean isNew = now.isPresent() && !now.map(StoredObject::version).equals(before);
    if (failure == null || isNew) {
      isShown = true;
      requireSize(now);
      if (failure != null) {
        LOG.warn("{} is there, although: {}", object.location(), failure.toString());
      }
    } else if (object.isS3() && S3a.isRefusal(failure)) {
      throw failure instanceof FileNotFoundException
          ? new IOException(
              "The upload of %s is gone. Somebody aborted it, or a rule of the bucket did. Merge again"
                  .formatted(object.location()),
              failure)
          : HadoopFolder.explained(object.location(), failure);
    } else {
      throw unknown(folder, object.location(), failure);
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

  /** Also if it is gone already. Not when the object is visible: then nothing is left of it. */
  @Override
  public void abort() throws IOException {
    if (!isShown && !isAborted) {
      isAborted = true;
      uploads.abort(id);
    }
  }

  static CommitStateUnknownException unknown(
      HadoopFolder folder, Location object, IOException failure) {
    return new CommitStateUnknownException(
        ("The store did not say whether it made %s visible (%s). Merge again with --resume, which finds out"
                + " and goes on, or look whether %s is complete: stockpot verify. To give it up, delete what is"
                + " in it, and then: stockpot discard %s")
            .formatted(
                object, HadoopFolder.firstLine(failure), folder.location(), folder.location()),
        failure);
  }
}
