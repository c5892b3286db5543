package dev.stockpot.merge.storage.hadoop;

import static java.util.stream.Collectors.toSet;

import dev.stockpot.merge.storage.CommitStateUnknownException;
import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers a folder as multipart uploads, which nobody sees, and completes them when it is whole:
 * first the large objects, side by side, then the small ones, and of these the last one at the end.
 * What is small is uploaded at the end as well, as all of it waits for the store at once.
 *
 * <p>When it replaces another folder, a reader must not find the description of the one beside the
 * weights of the other. If no large object keeps its name, the new ones appear first, then the
 * small ones replace theirs, then the rest of the old folder goes. If one does, what is old and is
 * not replaced by a large object goes first, so that for a moment there is no whole folder at all.
 *
 * <p>What was there before is written into the lock in the step that makes sure that the lock is
 * still ours. So whoever goes on after a death in mid-publishing knows old objects from new ones.
 */
final class HadoopPendingFolder implements PendingFolder {
  private static final Logger LOG = LoggerFactory.getLogger(HadoopPendingFolder.class);

  private final HadoopFolder folder;
  private final Replaceable replaceable;
  private final OutputLock lock;
  private final HadoopJournal journal;
  private final Map<String, ByteBuffer> found;
  private final FolderUploads uploads;
  private boolean isChanged;
  private boolean isShownInPart;
  private boolean isOpen = true;

  private HadoopPendingFolder(
      HadoopFolder folder,
      Replaceable replaceable,
      OutputLock lock,
      HadoopJournal journal,
      Map<String, ByteBuffer> found) {
    this.folder = folder;
    this.replaceable = replaceable;
    this.lock = lock;
    this.journal = journal;
    this.found = found;
    this.uploads = new FolderUploads(folder);
  }

  /** Claims a folder that nobody has claimed. */
  static HadoopPendingFolder claim(HadoopFolder folder, Replaceable replaceable)
      throws IOException {
    return claim(folder, replaceable, OutputLock.acquire(folder));
  }

  /** Claims a folder, also from a merge that has claimed it and may be dead. */
  static HadoopPendingFolder resume(HadoopFolder folder, Replaceable replaceable)
      throws IOException {
    return claim(folder, replaceable, OutputLock.takeOver(folder));
  }

  private static HadoopPendingFolder claim(
      HadoopFolder folder, Replaceable replaceable, OutputLock lock) throws IOException {
    try {
      if (folder.find().isPresent()) {
        throw new OutputOccupiedException(
            "%s is a file. Name another folder, or remove the file".formatted(folder.location()));
      }
      if (lock.record().isEmpty()) { // else the folder is half published
        replaceable.requireNothingElse(
            folder.location(), folder.tree(replaceable.enough()).keySet());
      }
      HadoopJournal journal = HadoopJournal.of(folder);
      Map<String, ByteBuffer> found = lock.predecessor().isPresent() ? journal.entries() : Map.of();
      return new HadoopPendingFolder(folder, replaceable, lock, journal, found);
    } catch (IOException | RuntimeException e) {
      giveBack(lock);
      throw e;
    }
  }

  private static void giveBack(OutputLock lock) {
    try {
      if (lock.predecessor().isPresent()) {
        lock.giveBack();
      } else {
        lock.release();
      }
    } catch (IOException e) { // what was done before counts more
      LOG.warn("{} could not be given back", lock.location(), e);
    }
  }

  @Override
  public Optional<String> predecessor() {
    return lock.predecessor();
  }

  @Override
  public Optional<String> successor() throws IOException {
    return lock.successor();
  }

  @Override
  public void requireOurs() throws IOException {
    lock.requireOurs();
  }

  @Override
  public Map<String, ByteBuffer> journal() {
    return found;
  }

  @Override
  public synchronized void note(String name, ByteBuffer entry) throws IOException {
    requireOpen();
    lock.requireOurs();
    isChanged = true;
    journal.write(name, entry);
  }

  @Override
  public synchronized Upload startUpload(String name, long size) throws IOException {
    requireOpen();
    isChanged = true;
    return uploads.start(name, size);
  }

  @Override
  public synchronized Optional<Upload> continueUpload(String name, long size, String id)
      throws IOException {
    requireOpen();
    isChanged = true;
    return Optional.of(uploads.goOn(name, size, id));
  }

  @Override
  public synchronized void put(String name, ByteBuffer content) {
    requireOpen();
    uploads.put(name, content);
  }

  private void requireOpen() {
    if (!isOpen) {
      throw new IllegalStateException("%s is published or discarded".formatted(folder.location()));
    }
  }

  @Override
  public synchronized void publish() throws IOException {
    requireOpen();
    uploads.finish();
    boolean replaces =
        replaceable.isAsked() || lock.record().isPresent(); // asked before there is one of ours
    OldFolder old = recordOld();
    try {
      if (old.keepsNameOf(uploads.large())) {
        old.delete(uploads.large());
      }
      uploads.show(old, replaces);
    } catch (CommitStateUnknownException e) { // close() has nothing more to do
      isOpen = false;
      throw e;
    } catch (IOException | RuntimeException e) {
      isShownInPart = true;
      hideWhatIsShown(e);
      if (old.isTouched(uploads.all())) {
        throw lost(e);
      }
      throw e;
    }
    isOpen = false;
    deleteRest(old);
  }

  /** The step after which another merge can no longer get in between. */
  private OldFolder recordOld() throws IOException {
    OldFolder old =
        lock.record().isPresent()
            ? OldFolder.parse(folder, lock.record().get())
            : new OldFolder(folder, replaced());
    lock.record(old.text());
    return old;
  }

  /** What is there and may go. What appeared since the folder was claimed is left alone. */
  private Map<String, StoredObject> replaced() throws IOException {
    Map<String, StoredObject> replaced = new TreeMap<>();
    List<String> blocking = new ArrayList<>();
    Set<String> ours = uploads.all().stream().map(HadoopUpload::name).collect(toSet());
    folder
        .tree(Integer.MAX_VALUE)
        .forEach(
            (name, object) -> {
              if (replaceable.covers(name) && object.isPresent()) {
                replaced.put(name, object.get());
              } else if (ours.contains(name)) {
                blocking.add(name);
              }
            });
    if (!blocking.isEmpty()) {
      throw new OutputOccupiedException(
          "%s holds %s, since this merge began, where its own would lie. Move them elsewhere and merge again"
              .formatted(folder.location(), Replaceable.described(blocking)));
    }
    return replaced;
  }

  private void hideWhatIsShown(Exception failure) {
    try {
      if (!isStillOurs()) {
        return;
      }
    } catch (IOException e) { // more likely the store that fails than another merge
      failure.addSuppressed(e);
    }
    uploads.hide(failure);
  }

  private IOException lost(Exception failure) {
    return new IOException(
        "%s could not be replaced: %s. What it held was deleted in part: merge again with --overwrite-foreign, which deletes the rest"
            .formatted(folder.location(), HadoopFolder.firstLine(failure)),
        failure);
  }

  /** The merge is published: what goes wrong from here on is no reason to call it failed. */
  private void deleteRest(OldFolder old) {
    try {
      old.delete(uploads.all());
    } catch (IOException e) {
      LOG.warn(
          "{} was replaced, but files of what it was could not be deleted. Delete the older ones",
          folder.location(),
          e);
    }
    try {
      forget();
    } catch (IOException e) {
      LOG.warn("{} could not be deleted. Delete it", lock.location(), e);
    }
  }

  @Override
  public synchronized boolean keep() throws IOException {
    if (!isOpen || isShownInPart) { // what was shown and hidden again is lost
      close();
      return false;
    }
    isOpen = false;
    if (!isChanged) {
      giveBack(lock);
    } else if (isStillOurs()) {
      uploads.abortUseless();
    }
    return true;
  }

  @Override
  public synchronized void close() throws IOException {
    if (!isOpen) {
      return;
    }
    isOpen = false;
    if (isStillOurs()) {
      try {
        uploads.abort();
      } finally {
        forget();
      }
    }
  }

  /** If not, what is there is the business of the other merge. */
  private boolean isStillOurs() throws IOException {
    Optional<String> successor = lock.successor();
    successor.ifPresent(other -> LOG.warn("{} was taken over by {}", folder.location(), other));
    return successor.isEmpty();
  }

  /** The lock goes last: nobody else comes before it does. */
  private void forget() throws IOException {
    if (lock.predecessor().isPresent() && folder.isS3()) {
      Uploads.abortBelow(folder); // what a killed driver had started and not yet noted
    }
    journal.delete();
    lock.release();
  }
}
