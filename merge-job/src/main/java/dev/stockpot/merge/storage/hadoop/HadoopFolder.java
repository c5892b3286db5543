package dev.stockpot.merge.storage.hadoop;

import static java.util.Comparator.comparing;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectChangedException;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.StoredObject;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.BulkDelete;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FutureDataInputStreamBuilder;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Options.OpenFileOptions;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * A location, the file system it is in, and its path there.
 *
 * @param connections whose file system it is
 */
record HadoopFolder(Location location, Connections connections, FileSystem files, Path path) {
  private static final String ENTITY_TAG = "etag:";

  static HadoopFolder of(Connections connections, Location location) throws IOException {
    Path path = new Path(location.path());
    try {
      return new HadoopFolder(location, connections, connections.open(location, path), path);
    } catch (IOException e) {
      throw explained(location, e);
    }
  }

  boolean isS3() {
    return S3a.SCHEME.equals(path.toUri().getScheme());
  }

  /** An object in this folder or in folders below it. */
  HadoopFolder descendant(String name) {
    Location descendant = location.descendant(name);
    return new HadoopFolder(descendant, connections, files, new Path(descendant.path()));
  }

  /** An object beside this folder. */
  HadoopFolder sibling(String name) {
    Path parent = path.getParent();
    String folder = location.path().substring(0, location.path().lastIndexOf('/'));
    return new HadoopFolder(
        new Location(folder).child(name), connections, files, new Path(parent, name));
  }

  List<StoredObject> list() throws IOException {
    List<StoredObject> objects = new ArrayList<>();
    try {
      for (FileStatus status : files.listStatus(path)) {
        if (status.getPath().equals(path)) {
          throw new NoSuchFileException(location.path(), null, "it is an object, not a folder");
        }
        String name = status.getPath().getName();
        if (status.isFile() && name.indexOf('\\') < 0) { // no location can name such a one
          objects.add(stored(location.child(name), status));
        }
      }
    } catch (IOException e) {
      throw explained(location, e);
    }
    objects.sort(comparing(object -> object.location().name()));
    return objects;
  }

  List<Location> folders() throws IOException {
    List<Location> folders = new ArrayList<>();
    try {
      for (FileStatus status : files.listStatus(path)) {
        String name = status.getPath().getName();
        if (status.isDirectory() && name.indexOf('\\') < 0) {
          folders.add(location.child(name));
        }
      }
    } catch (IOException e) {
      throw explained(location, e);
    }
    folders.sort(comparing(Location::name));
    return folders;
  }

  /** Outputs in this folder that a lock or a journal lies beside. */
  List<Location> unfinished() throws IOException {
    Set<String> outputs = new TreeSet<>();
    try {
      for (FileStatus status : files.listStatus(path)) {
        String name = status.getPath().getName();
        OutputLock.outputOf(name).or(() -> HadoopJournal.outputOf(name)).ifPresent(outputs::add);
      }
    } catch (IOException e) {
      throw explained(location, e);
    }
    return outputs.stream().map(location::child).toList();
  }

  /** Names of the objects in the folder and below, with those that a location can name. */
  Map<String, Optional<StoredObject>> tree(int most) throws IOException {
    Map<String, Optional<StoredObject>> tree = new TreeMap<>();
    try {
      RemoteIterator<LocatedFileStatus> entries = files.listFiles(path, /* recursive= */ true);
      String above = path.toUri().getPath() + "/";
      while (tree.size() < most && entries.hasNext()) {
        FileStatus status = entries.next();
        String entry = status.getPath().toUri().getPath();
        if (entry.startsWith(above) && !isUpload(entry)) { // else the path itself, no folder
          String name = entry.substring(above.length());
          tree.put(name, nameable(name).map(object -> stored(object, status)));
        }
      }
    } catch (FileNotFoundException e) {
      return Map.of();
    } catch (IOException e) {
      throw explained(location, e);
    }
    return tree;
  }

  /** Elsewhere than on S3, parts of files in folders below are gathered in the output folder. */
  private boolean isUpload(String entry) {
    return !isS3() && entry.contains("_multipart/");
  }

  private Optional<Location> nameable(String name) {
    try {
      return Optional.of(location.descendant(name));
    } catch (IllegalArgumentException e) { // with a backslash, say: nobody can have meant it
      return Optional.empty();
    }
  }

  Optional<StoredObject> find() throws IOException {
    try {
      FileStatus status = files.getFileStatus(path);
      return status.isFile() ? Optional.of(stored(location, status)) : Optional.empty();
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw explained(location, e);
    }
  }

  private static StoredObject stored(Location location, FileStatus status) {
    String version = "mtime:" + Instant.ofEpochMilli(status.getModificationTime());
    if (status instanceof EtagSource source && source.getEtag() != null) {
      version = ENTITY_TAG + source.getEtag().replace("\"", "");
    }
    return new StoredObject(location, status.getLen(), version);
  }

  RangeReader open(StoredObject object) throws IOException {
    try {
      FutureDataInputStreamBuilder open =
          files
              .openFile(path)
              .opt(
                  OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY,
                  OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY_RANDOM);
      if (isS3() && object.version().startsWith(ENTITY_TAG)) {
        String entityTag = object.version().substring(ENTITY_TAG.length());
        open = open.withFileStatus(S3a.status(path, object, entityTag));
      } else {
        FileStatus status = files.getFileStatus(path);
        StoredObject now = stored(location, status);
        if (!now.equals(object)) {
          throw new ObjectChangedException(object, now);
        }
        open = open.withFileStatus(status);
      }
      return new HadoopReader(this, object, Waiting.until(open.build()));
    } catch (IOException e) {
      throw explained(location, e);
    }
  }

  /** Makes the folder that it lies in, where folders are more than a part of names. */
  void makeParent() throws IOException {
    if (!isS3()) {
      files.mkdirs(path.getParent());
    }
  }

  /**
   * Deletes the object, if it is there, and nothing else: S3A's usual deletion may leave a marker
   * of the folder that it was in.
   */
  void delete() throws IOException {
    try (BulkDelete deletion = files.createBulkDelete(path.getParent())) {
      for (Map.Entry<Path, String> failure : deletion.bulkDelete(List.of(path))) {
        throw new IOException(
            "%s could not be deleted: %s".formatted(failure.getKey(), failure.getValue()));
      }
    }
  }

  /** Deletes those objects of this folder that may go, and folders in which nothing is left. */
  void delete(Replaceable doomed) throws IOException {
    Set<String> folders =
        new TreeSet<>(
            Comparator.comparing(String::length)
                .reversed()
                .thenComparing(Comparator.naturalOrder()));
    for (String name : tree(Integer.MAX_VALUE).keySet()) {
      if (doomed.entries().contains(name)) {
        descendant(name).delete();
        for (int end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
          folders.add(name.substring(0, end));
        }
      }
    }
    if (!isS3()) { // where folders are more than a part of names
      for (String below : folders) {
        descendant(below).deleteIfEmpty();
      }
      deleteIfEmpty();
    }
  }

  private void deleteIfEmpty() throws IOException {
    try {
      if (files.listStatus(path).length == 0) {
        files.delete(path, /* recursive= */ false);
      }
    } catch (FileNotFoundException e) { // somebody else has done it
      return;
    }
  }

  /** The failure in the words of {@link dev.stockpot.merge.storage.ObjectStore}. */
  static IOException explained(Location location, IOException failure) {
    if (failure instanceof NoSuchFileException || failure instanceof ObjectChangedException) {
      return failure;
    }
    if (failure instanceof FileNotFoundException) {
      NoSuchFileException missing = new NoSuchFileException(location.path());
      missing.initCause(failure);
      return missing;
    }
    if (failure instanceof AccessDeniedException) {
      throw new UserException(
          "%s: access is denied: %s. Check the credentials that the provider chain of %s finds, and their rights"
              .formatted(location, firstLine(failure), location.scheme()),
          failure);
    }
    return failure;
  }

  static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }
}
