package dev.stockpot.merge.storage.local;

import static java.util.Comparator.comparing;

import dev.stockpot.merge.storage.Location;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What lies directly in a folder of this machine. A name is bytes there: one that is no text in the
 * process's character set comes out of it as another name, which is not there.
 *
 * @param spelled those that can be named, sorted by name
 * @param unspelled the names of others, as far as they show
 */
record Entries(List<Location> spelled, List<String> unspelled) {
  static Entries of(Location folder) throws IOException {
    Path path = folder.localPath();
    if (!Files.isDirectory(path)) {
      throw new NoSuchFileException(folder.path());
    }
    List<Location> spelled = new ArrayList<>();
    List<String> unspelled = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!isSpelled(path, entry, name)) {
          unspelled.add(name);
        } else if (name.indexOf('\\') < 0) { // no location can name it: nobody can have meant it
          spelled.add(folder.child(name));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    spelled.sort(comparing(Location::name));
    unspelled.sort(null);
    return new Entries(spelled, unspelled);
  }

  private static boolean isSpelled(Path folder, Path entry, String name) {
    try {
      return folder.resolve(name).equals(entry);
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
