package dev.stockpot.merge.storage.local;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.stockpot.merge.storage.Replaceable;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeSet;

/** Files and folders that outlive a power cut, and their removal. */
final class FileTree {
  private FileTree() {}

  static void write(Path file, ByteBuffer content) throws IOException {
    try (FileChannel channel = FileChannel.open(file, CREATE, TRUNCATE_EXISTING, WRITE)) {
      while (content.hasRemaining()) {
        channel.write(content);
      }
      channel.force(true);
    }
  }

  /** A new file outlives a power cut only when its folder was written as well. */
  static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, READ)) {
      channel.force(true);
    }
  }

  static boolean holdsSomething(Path folder) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      return entries.iterator().hasNext();
    }
  }

  /**
   * What lies in a folder and below, as {@link dev.stockpot.merge.storage.ObjectStore#tree} names
   * it; nothing if it is no folder.
   */
  static Set<String> entries(Path folder, int most) throws IOException {
    Set<String> entries = new TreeSet<>();
    if (!Files.isDirectory(folder)) {
      return entries;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return add(folder.relativize(file).toString());
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return add(folder.relativize(file).toString()); // not for us to see, but there
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            return visited.equals(folder) || holdsSomething(visited)
                ? FileVisitResult.CONTINUE
                : add(folder.relativize(visited) + "/");
          }

          private FileVisitResult add(String entry) {
            entries.add(entry.replace(File.separatorChar, '/'));
            return entries.size() < most ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
          }
        });
    return entries;
  }

  /**
   * Gives what remains of a folder that was replaced back to the one in its place, as far as that
   * has nothing of the same name, and deletes the rest.
   *
   * @param doomed entries that may be deleted
   * @return whether the old folder is gone; else it holds what could not be given back
   */
  static boolean settle(Path old, Path folder, Replaceable doomed) throws IOException {
    for (String entry : doomed.foreign(entries(old, Integer.MAX_VALUE))) {
      Path was = old.resolve(entry);
      Path back = folder.resolve(entry);
      if (blocks(folder, entry)) {
        continue;
      }
      if (entry.endsWith("/")) {
        Files.createDirectories(back);
      } else {
        Files.createDirectories(back.getParent());
        Files.move(was, back);
      }
    }
    for (String entry : entries(old, Integer.MAX_VALUE)) {
      if (doomed.covers(entry)) {
        Files.delete(old.resolve(entry));
      }
    }
    return deleteEmpty(old);
  }

  /** Whether the folder has something of that name already, or a file where it wants a folder. */
  static boolean blocks(Path folder, String entry) {
    Path place = folder;
    for (Path step : Path.of(entry)) {
      place = place.resolve(step);
      boolean isFolder = Files.isDirectory(place, NOFOLLOW_LINKS);
      if (!isFolder && Files.exists(place, NOFOLLOW_LINKS)) {
        return true;
      }
    }
    return !entry.endsWith("/") && Files.exists(place, NOFOLLOW_LINKS);
  }

  /**
   * Deletes folders in which nothing is, from below.
   *
   * @return whether the folder is gone
   */
  static boolean deleteEmpty(Path folder) throws IOException {
    if (!Files.isDirectory(folder, NOFOLLOW_LINKS)) {
      return !Files.exists(folder, NOFOLLOW_LINKS);
    }
    boolean isEmpty = true;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        isEmpty &= Files.isDirectory(entry, NOFOLLOW_LINKS) && deleteEmpty(entry);
      }
    }
    if (isEmpty) {
      Files.delete(folder);
    }
    return isEmpty;
  }

  /** Deletes those entries of a folder that may go, and folders in which nothing is left. */
  static void delete(Path folder, Replaceable doomed) throws IOException {
    for (String entry : entries(folder, Integer.MAX_VALUE)) {
      if (doomed.entries().contains(entry)) {
        Files.delete(folder.resolve(entry));
      }
    }
    deleteEmpty(folder);
  }

  /** Deletes a folder with all that is in it, but follows no link out of it. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
