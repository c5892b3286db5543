package dev.stockpot.merge.storage.local;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import dev.stockpot.merge.storage.Location;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Small entries in a folder of their own, each there whole or not at all. */
record LocalJournal(Path folder) {
  private static final String UNFINISHED = ".new";

  boolean exists() throws IOException {
    return !entries().isEmpty();
  }

  Map<String, ByteBuffer> entries() throws IOException {
    Map<String, ByteBuffer> entries = new TreeMap<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          String name = file.getFileName().toString();
          if (!name.endsWith(UNFINISHED)) {
            entries.put(name, ByteBuffer.wrap(Files.readAllBytes(file)));
          }
        }
      }
    }
    return entries;
  }

  void write(String name, ByteBuffer entry) throws IOException {
    Files.createDirectories(folder);
    Path file = Path.of(new Location(folder.toString()).child(name).path());
    Path unfinished = file.resolveSibling(name + UNFINISHED);
    FileTree.write(unfinished, entry);
    Files.move(unfinished, file, ATOMIC_MOVE);
    FileTree.force(folder);
  }

  void delete() throws IOException {
    FileTree.delete(folder);
  }
}
