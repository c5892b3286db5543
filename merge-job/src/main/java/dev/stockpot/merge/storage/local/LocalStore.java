package dev.stockpot.merge.storage.local;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectChangedException;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.PartSink;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Folders of this machine, or of a file system that every machine of the cluster mounts at the same
 * place. Takes plain paths and {@code file:} URIs.
 */
public final class LocalStore implements ObjectStore {
  @Override
  public List<StoredObject> list(Location folder) throws IOException {
    List<StoredObject> objects = new ArrayList<>();
    for (Location entry : Entries.of(folder).spelled()) {
      find(entry).ifPresent(objects::add);
    }
    return objects;
  }

  @Override
  public List<Location> folders(Location folder) throws IOException {
    return Entries.of(folder).spelled().stream()
        .filter(entry -> Files.isDirectory(path(entry)))
        .toList();
  }

  @Override
  public List<String> unspelled(Location folder) throws IOException {
    return Entries.of(folder).unspelled();
  }

  @Override
  public Set<String> tree(Location folder, int most) throws IOException {
    return FileTree.entries(path(folder), most);
  }

  @Override
  public Optional<StoredObject> find(Location object) throws IOException {
    Path path = path(object);
    if (!Files.isRegularFile(path)) {
      return Optional.empty();
    }
    try {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      String version = "mtime:" + now.lastModifiedTime();
      return Optional.of(new StoredObject(object, now.size(), version));
    } catch (NoSuchFileException e) { // deleted since the line above
      return Optional.empty();
    }
  }

  @Override
  public RangeReader open(StoredObject object) throws IOException {
    Location location = object.location();
    FileChannel channel = FileChannel.open(path(location), READ);
    try {
      // Looked at after opening: a file that is replaced in between is noticed, too.
      StoredObject now = find(location).orElseThrow(() -> new NoSuchFileException(location.path()));
      if (!now.equals(object)) {
        throw new ObjectChangedException(object, now);
      }
      return new LocalReader(location, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public boolean readsSideBySide(Location object) {
    return false;
  }

  @Override
  public PendingFolder create(Location folder, Replaceable replaceable) throws IOException {
    return claim(folder, replaceable, false);
  }

  @Override
  public PendingFolder resume(Location folder, Replaceable replaceable) throws IOException {
    return claim(folder, replaceable, true);
  }

  private static PendingFolder claim(Location folder, Replaceable replaceable, boolean resume)
      throws IOException {
    return LocalPendingFolder.claim(folder, path(folder), folder.filePrefix(), replaceable, resume);
  }

  @Override
  public List<Location> unfinished(Location folder) throws IOException {
    return folders(folder).stream()
        .flatMap(entry -> OutputPlace.outputOf(entry.name()).stream())
        .map(folder::child)
        .toList();
  }

  @Override
  public void remove(Location folder, Replaceable doomed) throws IOException {
    FileTree.delete(path(folder), doomed);
  }

  @Override
  public PartSink open(PartTicket ticket, BufferAllocator memory) throws IOException {
    return new LocalPartSink(ticket, FileChannel.open(path(ticket.target()), WRITE));
  }

  private static Path path(Location location) {
    return location.localPath();
  }
}
